import { isFinalStatus } from '../../launcher/job.ts'
import type { JobState } from '../../jobs/workbench-job.ts'

/** True if a job in this state runs no more and never will; a Lost one may come back. */
export function isEnded(state: JobState): boolean {
  return state !== 'Lost' && isFinalStatus(state)
}
