import type { WorkbenchJob } from './workbench-job.ts'

/** What is known of a job once it has ended and all that it printed is kept. */
export interface JobTotals {
  readonly outputBytes: number | null
  readonly cpuSeconds: number | null
  readonly peakMemoryBytes: number | null
}

/** Keeps what jobs print and use. */
export interface JobOutputs {
  /** Resolves when all is kept that an ended job has printed. */
  finish(job: WorkbenchJob): Promise<JobTotals>
}
