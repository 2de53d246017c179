import type { OutputFiles } from '../jobs/output/output-files.ts'
import type { WorkbenchJob } from '../jobs/workbench-job.ts'
import type { JobHolderParts } from './held-elsewhere.ts'

/** What the routes need that answer what jobs have printed and used. */
export interface JobOutputAccess extends Pick<JobHolderParts, 'jobFor'> {
  /** The files of a job on this node. */
  readonly jobFiles: (id: string) => OutputFiles
  /** True once all is stored that the job has printed; false as long as that is not known. */
  readonly isJobComplete: (id: string) => Promise<boolean>
  /** Aborted when the node stops. */
  readonly stopping: AbortSignal
}

/** The errors of every operation on what a job has printed. */
export const OUTPUT_ERRORS = [
  'JOB_NOT_FOUND',
  'OUTPUT_REMOVED',
  'SESSION_MOVED',
  'NODE_UNREACHABLE',
] as const

/** Which job is told of, for its page and for a file that is kept of it. */
export type ToldJob = Pick<WorkbenchJob, 'id' | 'name'>
