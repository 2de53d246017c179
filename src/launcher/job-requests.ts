import { JOB_OPERATIONS, type JobOperation, type JobSpec } from './job.ts'
import type { PluginRequest } from './plugin-connection.ts'
import { REQUEST } from './protocol.ts'

/** Every request is made by the Launcher itself, on behalf of all users. */
const everybody = { username: '*', requestUsername: '*' }

const ofJob = (jobId: string) => ({ ...everybody, jobId, encodedJobId: jobId })

/** Starts a job. */
export function submitRequest(spec: JobSpec): PluginRequest {
  const environment = Object.entries(spec.environment).map(([name, value]) => ({ name, value }))
  return { messageType: REQUEST.submit, ...everybody, job: { ...spec, environment } }
}

/** One job. */
export function getRequest(jobId: string): PluginRequest {
  return { messageType: REQUEST.get, ...ofJob(jobId) }
}

/** All jobs that carry all of these tags. */
export function listRequest(tags: readonly string[]): PluginRequest {
  return { messageType: REQUEST.get, ...ofJob('*'), tags }
}

/** The status of every job, now and at each change. */
export function statusRequest(): PluginRequest {
  return { messageType: REQUEST.status, ...ofJob('*'), cancel: false }
}

/** Does something to a job. */
export function controlRequest(jobId: string, operation: JobOperation): PluginRequest {
  const index = JOB_OPERATIONS.indexOf(operation)
  return { messageType: REQUEST.control, ...ofJob(jobId), operation: index }
}

/** What a job writes; with `tailBytes` only the last of what it has written so far, if the plugin knows how. */
export function outputRequest(jobId: string, tailBytes?: number): PluginRequest {
  const fields = { messageType: REQUEST.output, ...ofJob(jobId), cancel: false, outputType: 2 }
  return tailBytes === undefined ? fields : { ...fields, tailBytes }
}

/** What a running job uses, every few seconds. */
export function usageRequest(jobId: string): PluginRequest {
  return { messageType: REQUEST.usage, ...ofJob(jobId), cancel: false }
}

/** Where a running job answers. */
export function networkRequest(jobId: string): PluginRequest {
  return { messageType: REQUEST.network, ...ofJob(jobId) }
}

/** Where a running job answers, and which ports its processes serve, if the plugin knows how to tell. */
export function portsRequest(jobId: string): PluginRequest {
  return { ...networkRequest(jobId), ports: true }
}

/** What the Launcher cluster can do. */
export function clusterInfoRequest(): PluginRequest {
  return { messageType: REQUEST.clusterInfo, ...everybody }
}
