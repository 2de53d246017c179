import { z } from 'zod'
import {
  JOB_OPERATIONS,
  JOB_STATUSES,
  type Job,
  type JobQuery,
  type JobNetwork,
  type JobOutput,
  type JobPort,
  type JobSpec,
  type JobUsage,
} from './job.ts'
import { loadBalancerNode } from './node-schema.ts'
import { OUTPUT_TYPES } from './protocol.ts'
import { milliseconds, time } from './told.ts'
import type { LauncherStatus } from './launcher-status.ts'
import type { PasswordSignIn } from './launcher.ts'

const resourceLimit = z.object({ type: z.string().min(1), value: z.string().min(1) })
const objects = z.array(z.looseObject({})).optional()

/** The body of a submission; of `exe`, `command` and `container` there must be one, and only one of the first two. */
export const jobSpec = z
  .object({
    user: z.string().min(1),
    cluster: z.string().min(1).optional(),
    name: z.string(),
    exe: z.string().default(''),
    command: z.string().default(''),
    args: z.array(z.string()).default([]),
    environment: z.record(z.string(), z.string()).default({}),
    workingDirectory: z.string().default(''),
    tags: z.array(z.string()).default([]),
    group: z.string().optional(),
    queues: z.array(z.string()).optional(),
    stdin: z.string().optional(),
    stdoutFile: z.string().optional(),
    stderrFile: z.string().optional(),
    container: z.looseObject({}).optional(),
    initContainers: objects,
    placementConstraints: objects,
    exposedPorts: objects,
    mounts: objects,
    config: objects,
    metadata: z.record(z.string(), z.json()).optional(),
    resourceProfile: z.string().default(''),
    resourceLimits: z.array(resourceLimit).default([]),
  })
  .refine(({ exe, command }) => exe === '' || command === '', 'has both a command and an exe')
  .refine(
    ({ exe, command, container }) => exe !== '' || command !== '' || container !== undefined,
    'has neither a command nor an exe nor a container',
  ) satisfies z.ZodType<JobSpec>

/** The header `Idempotency-Key` of a submission: it becomes part of a tag. */
export const idempotencyKey = z.string().regex(/^[\x21-\x7e]{1,200}$/)

/** The body of a control request. */
export const controlBody = z.object({ operation: z.enum(JOB_OPERATIONS) })

/** The query of a tail. */
export const tailQuery = z.object({ bytes: z.coerce.number().int().min(1).max(1_048_576) })

const several = z.union([z.string(), z.array(z.string())]).optional()

/**
 * The query of a list: `tag` once for each tag that the jobs must carry, `status` once for each that they may have, `fields`
 * with commas.
 */
export const jobsQuery = z
  .object({
    tag: several,
    status: z.union([z.enum(JOB_STATUSES), z.array(z.enum(JOB_STATUSES))]).optional(),
    startTime: time.optional(),
    endTime: time.optional(),
    fields: z.string().optional(),
    user: z.string().optional(),
    cluster: z.string().optional(),
  })
  .transform(({ tag, status, fields, ...rest }): JobQuery => ({
    ...rest,
    tags: [tag ?? []].flat(),
    statuses: [status ?? []].flat(),
    fields: fields?.split(',').filter((field) => field !== '') ?? [],
  }))

/** The query of what is about a Launcher cluster: its name, `*` for each, or nothing for the default one. */
export const clusterQuery = z.object({ cluster: z.string().optional() })

/** The query of an output stream. */
export const outputQuery = z.object({ type: z.enum(OUTPUT_TYPES).default('both') })

// A plugin in Go ends when it hears a time that is none.
const toldNode = loadBalancerNode.extend({
  lastSeen: time.transform((moment) => new Date(milliseconds(moment)).toISOString()),
})

/** The body that tells which Launchers stand behind one load balancer. */
export const nodesBody = z.object({ nodes: z.array(toldNode).max(10_000) })

/** A job in an answer. */
export const job = z.looseObject({
  id: z.string(),
  cluster: z.string(),
  name: z.string(),
  user: z.string(),
  status: z.enum(JOB_STATUSES),
  statusMessage: z.string(),
  exitCode: z.number().nullable(),
  pid: z.number().nullable(),
  host: z.string(),
  tags: z.array(z.string()),
  submissionTime: z.string(),
  lastUpdateTime: z.string(),
}) satisfies z.ZodType<Job>

/** Where a job answers, in an answer. */
export const jobNetwork = z.object({
  host: z.string(),
  ipAddresses: z.array(z.string()),
  socket: z.string().nullable(),
}) satisfies z.ZodType<JobNetwork>

/** A port that a job serves, in an answer. */
export const jobPort = z.object({
  port: z.int().min(1).max(65_535),
  address: z.enum(['127.0.0.1', '::1']),
  process: z.string(),
  listener: z.string().min(1),
}) satisfies z.ZodType<JobPort>

/** A line of the output stream. */
export const jobOutput = z.object({
  type: z.enum(['stdout', 'stderr', 'mixed']),
  output: z.string(),
}) satisfies z.ZodType<JobOutput>

/** A line of the usage stream. */
export const jobUsage = z.object({
  id: z.string(),
  cpuPercent: z.number(),
  cpuSeconds: z.number(),
  residentBytes: z.number(),
  virtualBytes: z.number().default(0),
  terminalPrograms: z.number().nullable().default(null),
}) satisfies z.ZodType<JobUsage>

/** The body of a sign-in by password. */
export const passwordSignIn = z.object({
  user: z.string().min(1).max(256),
  password: z.string().min(1).max(4096),
  remoteHost: z.string().max(256),
}) satisfies z.ZodType<PasswordSignIn>

/** The answer to it. */
export const signedIn = z.object({ user: z.string().min(1) })

/** The body of an answer that is an error. */
export const failure = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

/** The answer about the Launcher itself. */
export const launcherStatus = z.object({
  status: z.enum(['Green', 'Yellow', 'Red']),
  uptimeSeconds: z.number(),
  clusters: z.array(
    z.object({
      name: z.string(),
      isDefault: z.boolean(),
      state: z.enum(['Available', 'Restarting', 'Unavailable']),
      problem: z.string().nullable(),
      version: z.string().nullable(),
      restarts: z.number(),
    }),
  ),
}) satisfies z.ZodType<LauncherStatus>

/** The answer about what plugins report of themselves. */
export const launcherMetrics = z.object({
  clusters: z.array(
    z.object({
      cluster: z.string(),
      restarts: z.number(),
      reports: z.number(),
      uptimeSeconds: z.number(),
      memoryBytes: z.number(),
      latency: z.object({ counts: z.array(z.number()), sumSeconds: z.number() }),
    }),
  ),
})

/** The header of a list that names the Launcher clusters which could not be asked, with commas. */
export const UNAVAILABLE_HEADER = 'Launcher-Unavailable'

/** The header of a request that says for whom it is made: an account, or `*` for the Launcher's own sake. */
export const USER_HEADER = 'Launcher-User'
