import { hostname, networkInterfaces } from 'node:os'
import { RESPONSE } from '../../launcher/protocol.ts'
import type { Answer } from './answers.ts'
import type { JobRecord } from './job-directory.ts'
import { LIMIT_TYPES } from './limits.ts'

/** A job as it is told to the Launcher; `cluster` is the name of the plugin. */
export function reportJob(record: JobRecord, cluster: string): object {
  const { uid: _, killRequested: __, exitCode, pid, ...told } = record
  return {
    ...told,
    cluster,
    host: hostname(),
    // The protocol has no null.
    ...(exitCode === null ? {} : { exitCode }),
    ...(pid === null ? {} : { pid }),
  }
}

/** True for a job with all of these tags and one of these statuses; no status means any. */
export function isWanted(
  record: JobRecord,
  tags: readonly string[],
  statuses: readonly string[],
): boolean {
  const hasStatus = statuses.length === 0 || statuses.includes(record.status)
  return hasStatus && tags.every((tag) => record.tags.includes(tag))
}

/** Where a job that listens on `socket` answers. */
export function networkAnswer(socket: string): Answer {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  return {
    messageType: RESPONSE.network,
    host: hostname(),
    ipAddresses: addresses.filter(({ internal }) => !internal).map(({ address }) => address),
    endpoints: [`unix:${socket}`],
  }
}

/** What this Launcher cluster can do: run commands, and nothing to choose. */
export const CLUSTER_INFO: Answer = {
  messageType: RESPONSE.clusterInfo,
  supportsContainers: false,
  supportsInitContainers: false,
  containersUseHostNetwork: false,
  allowUnknownImages: false,
  config: [],
  placementConstraints: [],
  resourceLimits: LIMIT_TYPES.map((type) => ({ type })),
  resourceProfiles: [],
}
