import type { Idempotency } from '../sessions/session-store.ts'
import type { JobState, WorkbenchJob } from './workbench-job.ts'

/** The columns that change during a job's life. */
export type JobChanges = Partial<
  Pick<
    WorkbenchJob,
    | 'desired'
    | 'state'
    | 'reason'
    | 'submittedAt'
    | 'jobId'
    | 'host'
    | 'exitCode'
    | 'startedAt'
    | 'endedAt'
    | 'cpuSeconds'
    | 'peakMemoryBytes'
    | 'outputBytes'
    | 'outputRemovedAt'
  >
> & {
  /** True while it cannot be handed over, so that younger ones of its user may go before it. */
  readonly standsAside?: boolean
}

/** What is known when a job is created; the database adds the times, state Pending and version 1. */
export type NewJob = Omit<
  WorkbenchJob,
  keyof JobChanges | 'epoch' | 'version' | 'createdAt' | 'stateAt'
>

/** Which jobs are listed: all that is given must hold. */
export interface JobListQuery {
  /** Of this user only; of everybody without it. */
  readonly user?: string | undefined
  readonly states?: readonly JobState[] | undefined
  readonly cluster?: string | undefined
  readonly node?: string | undefined
  readonly schedule?: string | undefined
  /** Part of the name, the script or the id, in any case of letters. */
  readonly text?: string | undefined
  readonly createdFrom?: Date | undefined
  readonly createdBefore?: Date | undefined
  /** The last job of the page before, as `createdAt` and id. */
  readonly after?: { readonly createdAt: Date; readonly id: string } | undefined
  readonly limit: number
}

/**
 * The truth about Workbench jobs. Every method throws AtelierError DATABASE_UNAVAILABLE when the database does not answer.
 * After each change the store sends a hint of kind `job`, in a statement of its own after the commit.
 */
export interface JobStore {
  /** The latest first. */
  list(query: JobListQuery): Promise<readonly WorkbenchJob[]>
  /** Undefined if there is none of this id. */
  get(id: string): Promise<WorkbenchJob | undefined>
  some(ids: readonly string[]): Promise<readonly WorkbenchJob[]>
  /** The jobs that have not ended, of a node or of all, oldest first. */
  living(node?: string): Promise<readonly WorkbenchJob[]>
  /**
   * Inserts a job that is Pending. Throws NO_NODE if its node takes nothing new, and LIMIT_REACHED if its user has `mostLiving`
   * jobs or more that have not ended, whether they run or wait; null is any number. Of several at once not one too many gets in.
   */
  insert(job: NewJob, mostLiving?: number | null): Promise<WorkbenchJob>
  /** Inserts a job with a key; if its user has used that key within 24 hours, inserts nothing and answers undefined. */
  insertOnce(
    job: NewJob,
    once: Idempotency,
    mostLiving?: number | null,
  ): Promise<WorkbenchJob | undefined>
  /** What this user has submitted with this key within 24 hours. */
  submittedWith(
    user: string,
    key: string,
  ): Promise<{ readonly job: WorkbenchJob; readonly fingerprint: string } | undefined>
  /** Compare-and-set: changes the row if it still has this version; undefined if it was changed since. */
  update(id: string, version: number, changes: JobChanges): Promise<WorkbenchJob | undefined>
  /**
   * Compare-and-set: marks that the job is being handed over to its node's Launcher, unless `most` jobs of its user come before
   * it: those that were handed over and have not ended, and those that have waited longer. Of several at once on all nodes
   * not one too many is let through. Answers `waits` for one that must wait its turn, and undefined if the row was changed.
   */
  handOver(
    id: string,
    version: number,
    most: number | null,
  ): Promise<WorkbenchJob | 'waits' | undefined>
  /** Compare-and-set: gives a job that was not handed over to another node; throws NO_NODE if that takes nothing new. */
  move(id: string, version: number, node: string): Promise<WorkbenchJob | undefined>
  /**
   * Marks those jobs Lost that were handed over on a node which has been given up, or is no more; those that were to be stopped
   * count as Killed. Answers those that it changed; none if the node has come back.
   */
  lose(node: string): Promise<readonly WorkbenchJob[]>
}

/** What a listener of hints is told; hints may be late, doubled or lost, so `resync` means: read everything again. */
export interface JobHints {
  changed(id: string): void
  resync(): void
}
