import { hostname, networkInterfaces } from 'node:os'
import { MAX_MESSAGE_BYTES } from '../../launcher/frames.ts'
import { RESPONSE } from '../../launcher/protocol.ts'
import type { Answer } from './answers.ts'
import type { JobDetails } from './job-details.ts'
import type { JobRecord } from './job-directory.ts'
import { LIMIT_TYPES } from './limits.ts'
import { onlyFields } from './wanted-jobs.ts'

/** A job as it is told to the Launcher; `cluster` is the name of the plugin. */
export function reportJob(record: JobRecord, cluster: string): object {
  const { uid: _, killRequested: __, details, exitCode, pid, ...told } = record
  return {
    ...details,
    ...told,
    cluster,
    host: hostname(),
    // The protocol has no null.
    ...(exitCode === null ? {} : { exitCode }),
    ...(pid === null ? {} : { pid }),
  }
}

/** Bytes of details that one answer has room for, beside the rest of its jobs. */
const ROOM_FOR_DETAILS = MAX_MESSAGE_BYTES / 2

/**
 * The state of jobs, with only these fields if there are any. Of many jobs that were submitted with very much, what they
 * were submitted with is left out: it must not keep anybody from hearing of them.
 */
export function jobsAnswer(
  records: readonly JobRecord[],
  cluster: string,
  fields: readonly string[],
): Answer {
  const details = JSON.stringify(records.map((record) => record.details))
  const isTooMuch = records.length > 1 && Buffer.byteLength(details) > ROOM_FOR_DETAILS
  const told = isTooMuch ? records.map((record) => ({ ...record, details: {} })) : records
  const jobs = told.map((record) => onlyFields(reportJob(record, cluster), fields))
  return { messageType: RESPONSE.jobs, jobs }
}

/** Where a job answers: on `socket`, and at the ports that it was submitted with. */
export function networkAnswer(socket: string, { exposedPorts = [] }: JobDetails): Answer {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  // No container stands between: a published port is where the job itself listens.
  const ports = exposedPorts.map(
    ({ targetPort, publishedPort }) => `tcp:${hostname()}:${publishedPort ?? targetPort}`,
  )
  return {
    messageType: RESPONSE.network,
    host: hostname(),
    ipAddresses: addresses.filter(({ internal }) => !internal).map(({ address }) => address),
    endpoints: [`unix:${socket}`, ...ports],
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
