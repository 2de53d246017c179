import { z } from 'zod'
import { PLUGIN_ERROR, PluginError } from '../../launcher/plugin-error.ts'
import type { SubmittedJob } from '../../launcher/protocol-schemas.ts'

/** Most bytes of JSON that a job is told with beside its state. */
const MAX_DETAIL_BYTES = 65_536

/**
 * What a job was submitted with and is told with ever after, as it was said: neither environment nor standard input,
 * which hold secrets.
 */
export const jobDetails = z.looseObject({
  exposedPorts: z
    .array(z.looseObject({ targetPort: z.int(), publishedPort: z.int().nullish() }))
    .optional(),
})

/** What a job was submitted with. */
export type JobDetails = z.infer<typeof jobDetails>

/** The details of a job that is submitted, without those that say nothing. Throws PluginError if they are too long. */
export function detailsOf(job: SubmittedJob): JobDetails {
  const { group, workingDirectory, command, exe, args, stdoutFile, stderrFile } = job
  const { exposedPorts, metadata, instanceId } = job
  const program = { group, workingDirectory, command, exe, args, stdoutFile, stderrFile }
  const all = { ...program, exposedPorts, metadata, instanceId }
  const details = Object.fromEntries(Object.entries(all).filter(([, value]) => says(value)))
  const { length } = Buffer.from(JSON.stringify(details.metadata ?? null))
  if (length <= MAX_DETAIL_BYTES) return jobDetails.parse(details)
  const message = `The job's metadata has ${length} bytes, more than ${MAX_DETAIL_BYTES}.`
  throw new PluginError(PLUGIN_ERROR.invalidRequest, message)
}

function says(value: unknown): boolean {
  const isEmpty = value === '' || value === null || value === undefined
  return !isEmpty && !(Array.isArray(value) && value.length === 0)
}
