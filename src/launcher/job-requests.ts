import { JOB_OPERATIONS, type JobOperation, type JobSpec, type User } from './job.ts'
import type { JobFilter } from './job-filter.ts'
import type { PluginRequest } from './plugin-connection.ts'
import { OUTPUT_TYPES, REQUEST, type OutputType } from './protocol.ts'
import type { LoadBalancerNode } from './protocol-schemas.ts'
import { milliseconds } from './told.ts'

const by = (user: User) => ({ username: user, requestUsername: user })

/** A job in a request: who asks, its id for the plugin, and its id outside of its Launcher cluster. */
export interface AskedJob {
  readonly user: User
  readonly id: string
  readonly qualifiedId: string
}

const ofJob = ({ user, id, qualifiedId }: AskedJob) => ({
  ...by(user),
  jobId: id,
  encodedJobId: qualifiedId,
})

const ofAll = (user: User) => ofJob({ user, id: '*', qualifiedId: '*' })

/** What a Launcher submits: the job, and by what name the Launcher finds its own jobs again. */
export interface OwnJobSpec extends JobSpec {
  readonly instanceId?: string | undefined
}

/**
 * Starts a job, as a request of its own user. What says nothing is left out: a plugin may take an empty command for one,
 * beside an exe.
 */
export function submitRequest({ environment, ...spec }: OwnJobSpec): PluginRequest {
  const variables = Object.entries(environment).map(([name, value]) => ({ name, value }))
  const says = ([, value]: [string, unknown]) => value !== undefined && value !== ''
  const job = Object.fromEntries(Object.entries(spec).filter(says))
  return {
    messageType: REQUEST.submit,
    ...by(spec.user),
    job: { name: '', ...job, environment: variables },
  }
}

/** One job. */
export function getRequest(job: AskedJob): PluginRequest {
  return { messageType: REQUEST.get, ...ofJob(job) }
}

/** All jobs that a filter wants; of each only `fields`, if there are any. */
export function listRequest(
  user: User,
  { tags = [], statuses = [], startTime, endTime }: JobFilter,
  fields: readonly string[] = [],
): PluginRequest {
  return {
    messageType: REQUEST.get,
    ...ofAll(user),
    ...(tags.length > 0 && { tags }),
    ...(statuses.length > 0 && { statuses }),
    ...(startTime && { startTime: inUtc(startTime) }),
    ...(endTime && { endTime: inUtc(endTime) }),
    ...(fields.length > 0 && { fields }),
  }
}

/** The status of every job, now and at each change. */
export function statusRequest(): PluginRequest {
  return { messageType: REQUEST.status, ...ofAll('*'), cancel: false }
}

/** Does something to a job. */
export function controlRequest(job: AskedJob, operation: JobOperation): PluginRequest {
  const index = JOB_OPERATIONS.indexOf(operation)
  return { messageType: REQUEST.control, ...ofJob(job), operation: index }
}

/** What a job writes; with `tailBytes` only the last of what it has written so far, if the plugin knows how. */
export function outputRequest(
  job: AskedJob,
  { type = 'both', tailBytes }: { type?: OutputType; tailBytes?: number } = {},
): PluginRequest {
  const outputType = OUTPUT_TYPES.indexOf(type)
  const fields = { messageType: REQUEST.output, ...ofJob(job), cancel: false, outputType }
  return tailBytes === undefined ? { ...fields, acknowledged: 0 } : { ...fields, tailBytes }
}

/** What a running job uses, every few seconds. */
export function usageRequest(job: AskedJob): PluginRequest {
  return { messageType: REQUEST.usage, ...ofJob(job), cancel: false }
}

/** Where a running job answers. */
export function networkRequest(job: AskedJob): PluginRequest {
  return { messageType: REQUEST.network, ...ofJob(job) }
}

/** Where a running job answers, and which ports its processes serve, if the plugin knows how to tell. */
export function portsRequest(job: AskedJob): PluginRequest {
  return { ...networkRequest(job), ports: true }
}

/** What the Launcher cluster can do for a user. */
export function clusterInfoRequest(user: User): PluginRequest {
  return { messageType: REQUEST.clusterInfo, ...by(user) }
}

/** Tells the plugin which Launchers stand behind one load balancer with its own. */
export function nodesRequest(nodes: readonly LoadBalancerNode[]): PluginRequest {
  return { messageType: REQUEST.loadBalancerNodes, ...by('*'), nodes }
}

/** Lets the plugin read its configuration again. */
export function reloadRequest(): PluginRequest {
  return { messageType: REQUEST.configReload, ...by('*') }
}

/** With its zone written out, which some plugins ask for. */
function inUtc(time: string): string {
  return new Date(milliseconds(time)).toISOString()
}
