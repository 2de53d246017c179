import { milliseconds } from './told.ts'

/** Which jobs are wanted; what is left out or empty leaves none out. */
export interface JobFilter {
  /** All of these. */
  readonly tags?: readonly string[] | undefined
  /** One of these. */
  readonly statuses?: readonly string[] | undefined
  /** Submitted no earlier and no later; in ISO 8601. */
  readonly startTime?: string | null | undefined
  readonly endTime?: string | null | undefined
}

/** True for a job that a filter wants; a job that does not say when it was submitted is wanted at any time. */
export function isWantedJob(
  job: {
    readonly tags: readonly string[]
    readonly status: string
    readonly submissionTime: string
  },
  { tags = [], statuses = [], startTime, endTime }: JobFilter,
): boolean {
  const submitted = milliseconds(job.submissionTime)
  return (
    tags.every((tag) => job.tags.includes(tag)) &&
    (statuses.length === 0 || statuses.includes(job.status)) &&
    !(startTime && submitted < milliseconds(startTime)) &&
    !(endTime && submitted > milliseconds(endTime))
  )
}
