import { z } from 'zod'
import { jobPort } from './api-schemas.ts'
import { JOB_OPERATIONS, JOB_STATUSES, type Job } from './job.ts'
import { REQUEST, RESPONSE } from './protocol.ts'

const requestId = z.int().nonnegative()
const base = { requestId }
const userFields = { ...base, username: z.string(), requestUsername: z.string() }
const jobFields = { ...userFields, jobId: z.string(), encodedJobId: z.string().default('') }
const streamFields = { ...jobFields, cancel: z.boolean().default(false) }

/** A job that is to be started; Go plugins leave out what is empty. */
export const submittedJob = z.looseObject({
  user: z.string().default(''),
  name: z.string().default(''),
  exe: z.string().default(''),
  args: z.array(z.string()).default([]),
  environment: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  workingDirectory: z.string().default(''),
  tags: z.array(z.string()).default([]),
  resourceProfile: z.string().default(''),
  resourceLimits: z.array(z.object({ type: z.string(), value: z.string() })).default([]),
})

/** A job that is to be started, as a plugin reads it. */
export type SubmittedJob = z.infer<typeof submittedJob>

/** What a plugin can be asked; the fields are those of Posit's launcher-go-sdk, internal/protocol. */
export const request = z.discriminatedUnion('messageType', [
  z.object({ messageType: z.literal(REQUEST.heartbeat), ...base }),
  z.object({
    messageType: z.literal(REQUEST.bootstrap),
    ...base,
    version: z.object({ major: z.int(), minor: z.int(), patch: z.int() }),
  }),
  z.object({ messageType: z.literal(REQUEST.submit), ...userFields, job: submittedJob }),
  z.object({
    messageType: z.literal(REQUEST.get),
    ...jobFields,
    tags: z.array(z.string()).default([]),
    statuses: z.array(z.string()).default([]),
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
    /** 0 stdout, 1 stderr, 2 both. */
    outputType: z.int().min(0).max(2).default(2),
    /** Ours: only the last bytes of what is there now; plugins that do not know it tell everything. */
    tailBytes: z.int().positive().optional(),
  }),
  z.object({ messageType: z.literal(REQUEST.usage), ...streamFields }),
  z.object({
    messageType: z.literal(REQUEST.network),
    ...jobFields,
    /** Ours: also the ports that the job serves; plugins that do not know it tell none. */
    ports: z.boolean().default(false),
  }),
  z.object({ messageType: z.literal(REQUEST.clusterInfo), ...userFields }),
])

/** A request as a plugin reads it. */
export type Request = z.infer<typeof request>

/** The request with this `messageType`. */
export type RequestOf<Type extends Request['messageType']> = Extract<Request, { messageType: Type }>

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '')
const number = z
  .number()
  .nullish()
  .transform((value) => value ?? null)

/** A job in a plugin's answer, as our own Job. */
export const reportedJob = z
  .object({
    id: z.string().min(1),
    cluster: text,
    name: text,
    user: text,
    status: z.enum(JOB_STATUSES),
    statusMessage: text,
    exitCode: number,
    pid: number,
    host: text,
    tags: z.array(z.string()).nullish(),
    submissionTime: text,
    lastUpdateTime: text,
  })
  .transform((job): Job => ({ ...job, tags: job.tags ?? [] }))

/** Fields of every answer. Streams that many listen to carry `sequences` in place of a request's id. */
export const responseBase = z.looseObject({
  messageType: z.int(),
  requestId: requestId.default(0),
  sequences: z.array(z.object({ requestId })).nullish(),
})

/** The answer that a request failed; `errorCode` is one of PLUGIN_ERROR. */
export const errorResponse = z.object({ errorCode: z.int(), errorMessage: text })

const complete = z.boolean().default(false)

/** The answers of a plugin by what they answer. */
export const RESPONSES = {
  bootstrap: z.object({
    messageType: z.literal(RESPONSE.bootstrap),
    version: z.object({ major: z.int(), minor: z.int(), patch: z.int() }),
  }),
  jobs: z.object({
    messageType: z.literal(RESPONSE.jobs),
    jobs: z.array(reportedJob).nullish(),
  }),
  status: z.object({
    messageType: z.literal(RESPONSE.status),
    id: z.string(),
    status: z.enum(JOB_STATUSES),
  }),
  control: z.object({
    messageType: z.literal(RESPONSE.control),
    operationComplete: z.boolean(),
    statusMessage: text,
  }),
  output: z.object({
    messageType: z.literal(RESPONSE.output),
    output: text,
    outputType: z.enum(['stdout', 'stderr', 'mixed']).catch('mixed'),
    complete,
  }),
  /** Memory in MB; Go plugins leave out what is zero. */
  usage: z.object({
    messageType: z.literal(RESPONSE.usage),
    cpuPercent: z.number().default(0),
    cpuTime: z.number().default(0),
    residentMemory: z.number().default(0),
    /** Ours: in how many of its terminals a program runs. */
    terminalPrograms: z.int().min(0).nullish(),
    complete,
  }),
  network: z.object({
    messageType: z.literal(RESPONSE.network),
    host: text,
    ipAddresses: z.array(z.string()).nullish(),
    /** Ours: `unix:` and a path, where the job listens on `host`. */
    endpoints: z.array(z.string()).nullish(),
    /** Ours: where processes of the job listen, when that was asked. */
    ports: z.array(jobPort).nullish(),
  }),
  clusterInfo: z.looseObject({
    messageType: z.literal(RESPONSE.clusterInfo),
    supportsContainers: z.boolean(),
    resourceLimits: z.array(z.looseObject({ type: z.string() })).nullish(),
  }),
}
