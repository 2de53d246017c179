import type { WorkKind } from './history-entry.ts'

/** What a session or job uses, as its node measured it. */
export interface MeasuredUse {
  readonly kind: WorkKind
  readonly id: string
  readonly epoch: number
  /** Percent of one processor. */
  readonly cpuPercent: number
  readonly memoryBytes: number
  /** Since it began. */
  readonly cpuSeconds: number
}

/** A session or job that has not ended, of any user. */
export interface LivingWork {
  readonly kind: WorkKind
  readonly id: string
  readonly user: string
  readonly name: string | null
  /** The IDE of a session, the kind of a job. */
  readonly what: string
  readonly state: string
  readonly node: string
  readonly createdAt: Date
  readonly startedAt: Date | null
  /** Null if nobody has measured it within the last minute. */
  readonly cpuPercent: number | null
  readonly memoryBytes: number | null
}

/** What is there of one user, or of all. */
export interface LivingTotals {
  readonly sessions: number
  /** Jobs that were handed over and have not ended. */
  readonly jobs: number
  /** Jobs that wait. */
  readonly waiting: number
  readonly cpuPercent: number
  readonly memoryBytes: number
}

/** What is there of one user. */
export interface LivingUser extends LivingTotals {
  readonly user: string
}

/** What lives in the whole cluster. Every method throws AtelierError DATABASE_UNAVAILABLE when the database does not answer. */
export interface LivingStore {
  /** Writes what these use, with the most memory that each ever had; also of one that has just ended. */
  note(uses: readonly MeasuredUse[]): Promise<void>
  /** At most `limit`, the youngest first; of one user, or of all. */
  list(query: {
    readonly user?: string | undefined
    readonly limit: number
  }): Promise<readonly LivingWork[]>
  /** Users with anything, those who use most processors first. */
  users(limit: number): Promise<readonly LivingUser[]>
  totals(): Promise<LivingTotals & { readonly users: number }>
}
