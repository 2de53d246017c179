import type { Config } from '../config.ts'

/** A job whose output is kept longer than it should be. */
export interface OverdueOutput {
  readonly id: string
  readonly version: number
}

/** Which jobs, and what they printed, are kept no longer. Every method throws DATABASE_UNAVAILABLE. */
export interface JobRetention {
  /** Some of the jobs that ended so many days ago and whose output is still kept, of a node or, with null, of all. */
  overdueOutputs(days: number, node: string | null): Promise<readonly OverdueOutput[]>
  /** Removes the rows of some of the jobs that ended so many days ago; answers of how many. */
  removeRows(days: number): Promise<number>
  /** Which of these jobs there are. */
  known(ids: readonly string[]): Promise<ReadonlySet<string>>
}

/** At most so many are answered or removed at once. */
export const RETENTION_BATCH = 200

/** For how long jobs and their output are kept, in days. */
export interface KeptDays {
  readonly output: number
  readonly history: number
}

/** What the configuration says of it. */
export function keptDays(config: Pick<Config, 'jobs'>): KeptDays {
  return { output: config.jobs.output_days, history: config.jobs.history_days }
}
