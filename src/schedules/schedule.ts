import type { JobRequest } from '../jobs/workbench-job.ts'

/** What becomes of runs that could not be made in time: none of them, or one for all. */
export const MISSED_RULES = ['skip', 'once'] as const

/** A rule for missed runs. */
export type MissedRule = (typeof MISSED_RULES)[number]

/**
 * What becomes of a run while the one before goes on: it is left out, or both run. Left out unless it is wanted otherwise, as
 * most scripts write the same files each time, and one that has become slow would fill the queue with itself.
 */
export const OVERLAP_RULES = ['skip', 'allow'] as const

/** A rule for overlapping runs. */
export type OverlapRule = (typeof OVERLAP_RULES)[number]

/** What the owner of a schedule decides. */
export interface ScheduleChoice {
  readonly name: string
  /** A cron expression of five fields, or six with seconds first. */
  readonly cron: string
  /** An IANA time zone. */
  readonly timeZone: string
  readonly missed: MissedRule
  readonly overlap: OverlapRule
  readonly enabled: boolean
  /** What is run each time. */
  readonly request: JobRequest
}

/** When jobs are to be started by themselves: a row of the schedules table. */
export interface Schedule extends ScheduleChoice {
  readonly id: string
  readonly user: string
  /** The tick that comes next, or that is being made; null if it is paused, or none ever comes. */
  readonly nextAt: Date | null
  /** The latest tick that was run. */
  readonly lastAt: Date | null
  /** The id of the latest job. */
  readonly lastJob: string | null
  /** Why the latest tick was not run, as a sentence for its owner; null once one was. */
  readonly lastProblem: string | null
  readonly lastProblemAt: Date | null
  /** How often the tick at `nextAt` was tried in vain. */
  readonly attempts: number
  readonly createdAt: Date
  /** Grows by one with every change of the row. */
  readonly version: number
}
