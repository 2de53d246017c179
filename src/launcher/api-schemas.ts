import { z } from 'zod'
import {
  JOB_OPERATIONS,
  JOB_STATUSES,
  type Job,
  type JobNetwork,
  type JobOutput,
  type JobPort,
  type JobSpec,
  type JobUsage,
} from './job.ts'
import type { PasswordSignIn } from './launcher.ts'

const resourceLimit = z.object({ type: z.string().min(1), value: z.string().min(1) })

/** The body of a submission. */
export const jobSpec = z.object({
  user: z.string().min(1),
  name: z.string(),
  exe: z.string().min(1),
  args: z.array(z.string()),
  environment: z.record(z.string(), z.string()),
  workingDirectory: z.string(),
  tags: z.array(z.string()),
  resourceProfile: z.string().default(''),
  resourceLimits: z.array(resourceLimit).default([]),
}) satisfies z.ZodType<JobSpec>

/** The header `Idempotency-Key` of a submission: it becomes part of a tag. */
export const idempotencyKey = z.string().regex(/^[\x21-\x7e]{1,200}$/)

/** The body of a control request. */
export const controlBody = z.object({ operation: z.enum(JOB_OPERATIONS) })

/** The query of a tail. */
export const tailQuery = z.object({ bytes: z.coerce.number().int().min(1).max(1_048_576) })

/** The query of a list: `tag` once for each tag that the jobs must carry. */
export const tagsQuery = z.object({
  tag: z.union([z.string(), z.array(z.string())]).default([]),
})

/** A job in an answer. */
export const job = z.object({
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
