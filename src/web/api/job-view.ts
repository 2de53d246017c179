import type { JobJson } from '../../control/job-json.ts'

/** A Workbench job as the API shows it; times are ISO 8601, of the server's clock. */
export type JobView = JobJson

/** What a job used at one time. */
export interface UsageSample {
  readonly at: string
  /** Percent of one processor. */
  readonly cpuPercent: number | null
  readonly memoryBytes: number | null
}
