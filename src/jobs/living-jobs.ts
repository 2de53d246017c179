import { EventEmitter } from 'node:events'
import { isFinalJob, type WorkbenchJob } from './workbench-job.ts'

/** What is told: a job that is new or changed, also one that has ended. */
export interface LivingJobEvents {
  changed: [job: WorkbenchJob, before: WorkbenchJob | undefined]
}

/** How long late news may be under way, in ms. */
const LATE_MS = 10 * 60_000

/**
 * Every job that has not ended, of all nodes, in memory. The table is the truth; a row is taken over only if its version is
 * newer, and of one that has ended only its version is remembered, for late news.
 */
export class LivingJobs extends EventEmitter<LivingJobEvents> {
  readonly #jobs = new Map<string, WorkbenchJob>()
  readonly #ended = new Map<string, { readonly version: number; readonly at: number }>()

  constructor() {
    super()
    this.setMaxListeners(0)
  }

  /** The job of this id, if it has not ended. */
  get(id: string): WorkbenchJob | undefined {
    return this.#jobs.get(id)
  }

  /** All of them, in no particular order. */
  all(): readonly WorkbenchJob[] {
    return [...this.#jobs.values()]
  }

  /** How many jobs of a user were handed over and have not ended. */
  running(user: string): number {
    return this.all().filter((job) => job.user === user && job.submittedAt !== null).length
  }

  /** How many jobs of a user wait to be handed over. */
  waiting(user: string): number {
    return this.all().filter((job) => job.user === user && job.submittedAt === null).length
  }

  /** Takes over rows that were read or written; older versions than the known ones are ignored. */
  apply(rows: readonly WorkbenchJob[]): void {
    for (const row of rows) {
      const known = this.#jobs.get(row.id)
      const version = known?.version ?? this.#ended.get(row.id)?.version ?? 0
      if (version >= row.version) continue
      if (isFinalJob(row.state)) this.#bury(row)
      else this.#jobs.set(row.id, row)
      this.emit('changed', row, known)
    }
  }

  /** Forgets a job whose row is gone. */
  remove(id: string): void {
    this.#jobs.delete(id)
  }

  #bury({ id, version }: WorkbenchJob): void {
    const now = performance.now()
    for (const [each, { at }] of this.#ended) {
      if (now - at < LATE_MS) break
      this.#ended.delete(each)
    }
    this.#jobs.delete(id)
    this.#ended.delete(id)
    this.#ended.set(id, { version, at: now })
  }
}
