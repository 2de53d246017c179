import { z } from 'zod'
import { JOB_STATUSES } from '../launcher/job.ts'
import { RESPONSE } from '../launcher/protocol.ts'

// Stricter than what our Launcher reads: a check is to find what another Launcher might stumble over.

const time = z.iso.datetime({ offset: true, local: true })
const sequences = z
  .array(z.looseObject({ requestId: z.int().nonnegative(), seqId: z.int().nonnegative() }))
  .min(1)

/** A job in an answer. */
export const toldJob = z.looseObject({
  id: z.string().min(1),
  status: z.enum(JOB_STATUSES),
  statusMessage: z.string().optional(),
  name: z.string().optional(),
  user: z.string().optional(),
  host: z.string().optional(),
  tags: z.array(z.string()).optional(),
  exitCode: z.int().optional(),
  pid: z.int().optional(),
  resourceProfile: z.string().optional(),
  submissionTime: time.optional(),
  lastUpdateTime: time.optional(),
})

/** A job as a plugin tells it. */
export type ToldJob = z.infer<typeof toldJob>

/** The state of jobs. */
export const jobsAnswer = z.looseObject({
  messageType: z.literal(RESPONSE.jobs),
  jobs: z.array(toldJob),
})

/** Jobs of which only some fields were asked for. */
export const someFieldsAnswer = z.looseObject({
  messageType: z.literal(RESPONSE.jobs),
  jobs: z.array(z.looseObject({ id: z.string().min(1) })),
})

/** One status of a job. */
export const statusAnswer = z.looseObject({
  messageType: z.literal(RESPONSE.status),
  id: z.string().min(1),
  status: z.enum(JOB_STATUSES),
  sequences,
})

/** What became of an operation. */
export const controlAnswer = z.looseObject({
  messageType: z.literal(RESPONSE.control),
  operationComplete: z.boolean(),
  statusMessage: z.string().optional(),
})

/** A piece of output; the last one needs no kind. */
export const outputAnswer = z.looseObject({
  messageType: z.literal(RESPONSE.output),
  seqId: z.int().nonnegative(),
  output: z.string().default(''),
  outputType: z.enum(['stdout', 'stderr', 'mixed', '']).default(''),
  complete: z.boolean(),
})

/** What a job uses; what is zero may be left out. */
export const usageAnswer = z.looseObject({
  messageType: z.literal(RESPONSE.usage),
  cpuPercent: z.number().nonnegative().optional(),
  cpuTime: z.number().nonnegative().optional(),
  residentMemory: z.number().nonnegative().optional(),
  virtualMemory: z.number().nonnegative().optional(),
  complete: z.boolean(),
  sequences,
})

/** Where a job answers. */
export const networkAnswer = z.looseObject({
  messageType: z.literal(RESPONSE.network),
  host: z.string().min(1),
  ipAddresses: z.array(z.union([z.ipv4(), z.ipv6()])),
})

const limit = z.looseObject({ type: z.string().min(1) })

/** What a Launcher cluster can do. */
export const clusterInfoAnswer = z.looseObject({
  messageType: z.literal(RESPONSE.clusterInfo),
  supportsContainers: z.boolean(),
  config: z.array(z.looseObject({ name: z.string().min(1) })),
  placementConstraints: z.array(z.looseObject({ name: z.string().min(1) })),
  queues: z.array(z.string()).optional(),
  defaultQueue: z.string().optional(),
  resourceLimits: z.array(limit),
  images: z.array(z.string()).optional(),
  defaultImage: z.string().optional(),
  allowUnknownImages: z.boolean(),
  resourceProfiles: z.array(
    z.looseObject({ name: z.string().min(1), limits: z.array(limit).optional() }),
  ),
})

/** At least those up to 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 10 and 30 s. */
const BUCKETS = 10

/** What a plugin tells of itself without being asked. */
export const metricsMessage = z.looseObject({
  requestId: z.literal(0),
  uptimeSeconds: z.number().nonnegative(),
  memoryUsageBytes: z.number().nonnegative().optional(),
  clusterInteractionLatencySample: z
    .looseObject({
      buckets: z.array(z.number().nonnegative()).min(BUCKETS),
      sum: z.number().nonnegative(),
    })
    .nullish(),
})
