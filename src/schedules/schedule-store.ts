import type { NewJob } from '../jobs/job-store.ts'
import type { WorkbenchJob } from '../jobs/workbench-job.ts'
import type { Schedule, ScheduleChoice } from './schedule.ts'

/** What is known when a schedule is made. */
export type NewSchedule = ScheduleChoice & Pick<Schedule, 'id' | 'user' | 'nextAt'>

/** What its owner changes; with another time the problem of the old one is forgotten. */
export type ScheduleChanges = Partial<ScheduleChoice & Pick<Schedule, 'nextAt'>>

/** A schedule that is due, held for its node for some seconds. */
export interface DueSchedule {
  readonly schedule: Schedule
  /** The time of the database. */
  readonly now: Date
}

/** What came of a tick: its job, or why there is none. */
export type TickOutcome =
  | { readonly did: 'run'; readonly job: WorkbenchJob }
  /** The run before still goes on, and the schedule does not want two. */
  | { readonly did: 'overlap' }
  /** There is a job of this tick already. */
  | { readonly did: 'exists' }
  /** Somebody has changed the schedule, or another node has made this tick. */
  | { readonly did: 'nothing' }

/** The truth about schedules. Every method throws AtelierError DATABASE_UNAVAILABLE when the database does not answer. */
export interface ScheduleStore {
  /** The time of the database, which alone decides what is due. */
  now(): Promise<Date>
  /** Of one user, or of everybody; oldest first. */
  list(user?: string): Promise<readonly Schedule[]>
  get(id: string): Promise<Schedule | undefined>
  /** Throws LIMIT_REACHED if the user has `most` of them or more; null is any number. */
  insert(schedule: NewSchedule, most: number | null): Promise<Schedule>
  /** Compare-and-set: undefined if the row was changed since. */
  update(id: string, version: number, changes: ScheduleChanges): Promise<Schedule | undefined>
  remove(id: string): Promise<boolean>
  /** Notes a job that its owner has started by hand. */
  ran(id: string, job: string): Promise<void>
  /**
   * Takes schedules that are due, so that other nodes leave them alone for `lease` ms; of one that dies then they are due
   * again. Whoever takes longer is stopped by compare-and-set.
   */
  claim(most: number, lease: number): Promise<readonly DueSchedule[]>
  /** How long until the next is due, in ms; null if none ever is. */
  untilDue(): Promise<number | null>
  /**
   * Inserts the job of a tick and moves the schedule on to the next, both or nothing, and only once for each tick. Throws
   * NO_NODE if the job's node takes nothing new, and LIMIT_REACHED if its user has `mostLiving` jobs or more that have not ended.
   */
  run(
    schedule: Schedule,
    next: Date | null,
    job: NewJob,
    mostLiving: number | null,
  ): Promise<TickOutcome>
  /** Compare-and-set: goes on to the next tick without a job; says why if there is a reason. */
  pass(schedule: Schedule, next: Date | null, problem: string | null): Promise<boolean>
  /** Compare-and-set: lets nobody try the tick again for `wait` ms. */
  postpone(schedule: Schedule, wait: number, problem: string): Promise<boolean>
}

/** What a listener of hints about schedules is told; hints may be late, doubled or lost. */
export interface ScheduleHints {
  changed(id: string): void
  resync(): void
}
