import type { JobKind } from '../jobs/workbench-job.ts'
import type { IdeName } from '../sessions/session.ts'

/** What people run: sessions and Workbench jobs. */
export const WORK_KINDS = ['session', 'job'] as const

/** A kind of work. */
export type WorkKind = (typeof WORK_KINDS)[number]

/** How a run can have ended; a session that was lost is written down as Lost until its server is back. */
export const END_STATES = ['Stopped', 'Finished', 'Failed', 'Killed', 'Canceled', 'Lost'] as const

/** An end of a run. */
export type EndState = (typeof END_STATES)[number]

/** A session or a job that has ended: who ran it, when, how long and how much. */
export interface HistoryEntry {
  readonly kind: WorkKind
  /** The id of the session or the job. */
  readonly id: string
  /** Unique: a session that was started again elsewhere has a run for each start. */
  readonly run: string
  readonly user: string
  readonly name: string | null
  /** The IDE of a session, and null of a job. */
  readonly ide: IdeName | null
  /** What a job ran, and null of a session. */
  readonly jobKind: JobKind | null
  readonly node: string
  readonly profile: string | null
  readonly createdAt: Date
  /** When a session could first be used, or a job ran; null if it never came to that. */
  readonly startedAt: Date | null
  readonly endedAt: Date
  readonly state: EndState
  readonly reason: string | null
  readonly exitCode: number | null
  /** What it used, as far as it was measured. */
  readonly cpuSeconds: number | null
  readonly peakMemoryBytes: number | null
}

/** Where a page of the history ended. */
export interface HistoryPlace {
  /** When that run ended, in µs since 1970. */
  readonly endedAtMicros: number
  readonly run: string
}

/** Which runs are listed: all that is given must hold. */
export interface HistoryQuery {
  /** Of this user only; of everybody without it. */
  readonly user?: string | undefined
  readonly kind?: WorkKind | undefined
  readonly ide?: IdeName | undefined
  readonly states?: readonly EndState[] | undefined
  /** That ended at this time or later. */
  readonly endedFrom?: Date | undefined
  /** That ended before. */
  readonly endedBefore?: Date | undefined
  readonly after?: HistoryPlace | undefined
  readonly limit: number
}

/** A run with its place in the list. */
export interface PlacedEntry {
  readonly entry: HistoryEntry
  readonly place: HistoryPlace
}

/** How much somebody ran of one kind in a span of time. */
export interface KindUse {
  /** How many there were, also in part. */
  readonly count: number
  /** For how long, in seconds, added up. */
  readonly seconds: number
  /** Of those that ended in that time the whole, of those that run what is known of them. */
  readonly cpuSeconds: number
}

/** How much somebody used in a span of time. */
export type UserUse = Readonly<Record<WorkKind, KindUse>>
