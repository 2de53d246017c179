import { z } from 'zod'
import { JOB_OPERATIONS } from './job.ts'
import { submittedJob } from './job-schemas.ts'
import { loadBalancerNode } from './node-schema.ts'
import { OUTPUT_TYPES, REQUEST } from './protocol.ts'
import { flag, list, text, time } from './told.ts'

const base = { requestId: z.int().nonnegative() }
const userFields = { ...base, username: z.string(), requestUsername: text }
const jobFields = { ...userFields, jobId: z.string(), encodedJobId: text }
const streamFields = { ...jobFields, cancel: flag }

/** A version of the API. */
export const apiVersion = z.object({ major: z.int(), minor: z.int(), patch: z.int() })

/** What a plugin can be asked; the fields are those of Posit's launcher-go-sdk, internal/protocol. */
export const request = z.discriminatedUnion('messageType', [
  z.object({ messageType: z.literal(REQUEST.heartbeat), ...base }),
  z.object({ messageType: z.literal(REQUEST.bootstrap), ...base, version: apiVersion }),
  z.object({ messageType: z.literal(REQUEST.submit), ...userFields, job: submittedJob }),
  z.object({
    messageType: z.literal(REQUEST.get),
    ...jobFields,
    /** All of these. */
    tags: list(z.string()),
    /** One of these, if there are any. */
    statuses: list(z.string()),
    /** Submitted from here … */
    startTime: time.nullish(),
    /** … to here. */
    endTime: time.nullish(),
    /** Only these fields of each job, and its id; every field if there are none. */
    fields: list(z.string()),
  }),
  z.object({ messageType: z.literal(REQUEST.status), ...streamFields }),
  z.object({
    messageType: z.literal(REQUEST.control),
    ...jobFields,
    /** Index into JOB_OPERATIONS. */
    operation: z
      .int()
      .min(0)
      .max(JOB_OPERATIONS.length - 1),
  }),
  z.object({
    messageType: z.literal(REQUEST.output),
    ...streamFields,
    /** Index into OUTPUT_TYPES. */
    outputType: z
      .int()
      .min(0)
      .max(OUTPUT_TYPES.length - 1)
      .nullish()
      .transform((value) => value ?? OUTPUT_TYPES.indexOf('both')),
    /** Ours: only the last bytes of what is there now; plugins that do not know it tell everything. */
    tailBytes: z.int().positive().optional(),
    /**
     * Ours: how many answers were read; with 0 the stream is opened, and is paced by a plugin that answers `acknowledge`, which
     * alone is told more.
     */
    acknowledged: z.int().nonnegative().optional(),
  }),
  z.object({ messageType: z.literal(REQUEST.usage), ...streamFields }),
  z.object({
    messageType: z.literal(REQUEST.network),
    ...jobFields,
    /** Ours: also the ports that the job serves; plugins that do not know it tell none. */
    ports: flag,
  }),
  z.object({ messageType: z.literal(REQUEST.clusterInfo), ...userFields }),
  z.object({
    messageType: z.literal(REQUEST.loadBalancerNodes),
    ...base,
    username: text,
    requestUsername: text,
    nodes: list(loadBalancerNode),
  }),
  z.object({
    messageType: z.literal(REQUEST.configReload),
    ...base,
    username: text,
    requestUsername: text,
  }),
])

/** A request as a plugin reads it. */
export type Request = z.infer<typeof request>

/** The request with this `messageType`. */
export type RequestOf<Type extends Request['messageType']> = Extract<Request, { messageType: Type }>
