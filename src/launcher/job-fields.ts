import type { Job } from './job.ts'

/** The job with these fields only, and its id; with every field if there are none. */
export function withFields(job: Job, fields: readonly string[] = []): Partial<Job> {
  if (fields.length === 0) return job
  const wanted = Object.entries(job).filter(([name]) => name === 'id' || fields.includes(name))
  return Object.fromEntries(wanted)
}
