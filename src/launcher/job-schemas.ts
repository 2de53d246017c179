import { z } from 'zod'
import { JOB_STATUSES, type Job } from './job.ts'
import { flag, list, number, text } from './told.ts'

const int = z
  .int()
  .nullish()
  .transform((value) => value ?? null)

const variable = z.object({ name: z.string(), value: text })

/** A limit of a job or of a Launcher cluster, which also tells what holds by itself and what may be asked at most. */
export const resourceLimit = z.object({
  type: z.string(),
  value: text,
  defaultValue: text,
  maxValue: text,
})

/** A choice of where a job runs; a Launcher cluster offers one for each value. */
export const placementConstraint = z.object({
  name: z.string(),
  value: text,
  defaultValue: text,
})

/** A value of the plugin's own; `valueType` is string, int, float or enum. */
export const jobConfig = z.object({ name: z.string(), valueType: text, value: text })

const container = z.object({
  image: text,
  runAsUserId: int,
  runAsGroupId: int,
  supplementalGroupIds: list(z.int()),
})

const mount = z.looseObject({
  mountPath: z.string(),
  name: text,
  readOnly: flag,
  /** `source` is what belongs to `type`, such as `{ path }` of a host. */
  mountSource: z.looseObject({ type: z.string(), source: z.json().nullish() }).nullish(),
})

const exposedPort = z.object({
  targetPort: z.int().min(0).max(65_535),
  publishedPort: int,
  protocol: text.transform((value) => value || 'TCP'),
})

const initContainer = z.object({
  name: text,
  image: text,
  command: text,
  exe: text,
  args: list(z.string()),
  mounts: list(mount),
  environment: list(variable),
})

const metadata = z.record(z.string(), z.json()).nullish()

/** What a job that is to be started and one that is told have in common, beside who and what it is. */
const shared = {
  group: text,
  queues: list(z.string()),
  workingDirectory: text,
  command: text,
  exe: text,
  args: list(z.string()),
  stdoutFile: text,
  stderrFile: text,
  container: container.nullish(),
  initContainers: list(initContainer),
  placementConstraints: list(placementConstraint),
  exposedPorts: list(exposedPort),
  mounts: list(mount),
  config: list(jobConfig),
  resourceLimits: list(resourceLimit),
  metadata,
  resourceProfile: text,
  instanceId: text,
}

/** A job that is to be started: a shell's `command` or an `exe`, or what its container runs by itself. */
export const submittedJob = z
  .looseObject({
    ...shared,
    user: text,
    name: text,
    cluster: text,
    stdin: text,
    environment: list(variable),
    tags: list(z.string()),
  })
  .refine(({ command, exe }) => command === '' || exe === '', 'has both a command and an exe')

/** A job that is to be started, as a plugin reads it. */
export type SubmittedJob = z.infer<typeof submittedJob>

/**
 * A job in a plugin's answer, as our own Job: what is told of no value is left out, and so are environment and standard
 * input, which may hold secrets. A status that the plugin does not know yet is Pending.
 */
export const reportedJob = z
  .object({
    ...shared,
    id: z.string().min(1),
    cluster: text,
    name: text,
    user: text,
    status: z
      .enum(['', ...JOB_STATUSES])
      .nullish()
      .transform((status) => status || 'Pending'),
    statusMessage: text,
    statusCode: text,
    exitCode: number,
    pid: number,
    host: text,
    tags: list(z.string()),
    submissionTime: text,
    lastUpdateTime: text,
  })
  .transform((told): Job => {
    const { id, cluster, name, user, status, statusMessage, exitCode, pid, host, tags } = told
    const { submissionTime, lastUpdateTime } = told
    const always = { id, cluster, name, user, status, statusMessage, exitCode, pid, host, tags }
    return { ...saying(told), ...always, submissionTime, lastUpdateTime }
  })

/** Without what has no value. */
function saying<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const says = ([, value]: [string, unknown]) =>
    value !== null &&
    value !== undefined &&
    value !== '' &&
    !(Array.isArray(value) && !value.length)
  // What is left of the fields has the types of the fields.
  return Object.fromEntries(Object.entries(fields).filter(says)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }
}
