import type { KnownRequest } from '../new-job/job-draft.ts'

/** A schedule as the API shows it; times are ISO 8601. */
export interface ScheduleView {
  readonly id: string
  readonly user: string
  readonly name: string
  readonly cron: string
  readonly timeZone: string
  readonly missed: 'skip' | 'once'
  readonly overlap: 'skip' | 'allow'
  readonly enabled: boolean
  readonly request: KnownRequest
  /** Null if it is off, or has no next time. */
  readonly nextAt: string | null
  readonly lastAt: string | null
  /** The id of the latest job. */
  readonly lastJob: string | null
  /** Why the latest run could not be made; null once one was. */
  readonly lastProblem: string | null
  readonly version: number
}

/** What of a schedule its owner decides beside what is run. */
export type ScheduleRules = Pick<
  ScheduleView,
  'name' | 'cron' | 'timeZone' | 'missed' | 'overlap' | 'enabled'
>
