import type { JobFilter } from './job-filter.ts'

/** States of a job, as in Posit's Launcher plugin API; the last four are final and never regress. */
export const JOB_STATUSES = [
  'Pending',
  'Running',
  'Suspended',
  'Finished',
  'Failed',
  'Killed',
  'Canceled',
] as const

/** A state of a job. */
export type JobStatus = (typeof JOB_STATUSES)[number]

/** True for the statuses that a job never leaves. */
export function isFinalStatus(status: JobStatus): boolean {
  return (
    status === 'Finished' || status === 'Failed' || status === 'Killed' || status === 'Canceled'
  )
}

/** A limit of a job as Posit's Launcher has it: `cpuCount` in processors, `memory` in MB; the value is written out. */
export interface ResourceLimit {
  readonly type: string
  readonly value: string
}

/** Who acts: an account by its name, or `*`, which may see and do everything. */
export type User = string

/** What may be said of a job beside what every job has, as Posit's Launcher has it; plugins ignore what they cannot do. */
export interface JobChoices {
  readonly group?: string | undefined
  readonly queues?: readonly string[] | undefined
  /** A line for a shell, in place of `exe`. */
  readonly command?: string | undefined
  readonly stdin?: string | undefined
  readonly stdoutFile?: string | undefined
  readonly stderrFile?: string | undefined
  readonly container?: object | undefined
  readonly initContainers?: readonly object[] | undefined
  readonly placementConstraints?: readonly object[] | undefined
  readonly exposedPorts?: readonly object[] | undefined
  readonly mounts?: readonly object[] | undefined
  readonly config?: readonly object[] | undefined
  readonly metadata?: object | undefined
  /** The name of the resource profile that the limits come from. */
  readonly resourceProfile?: string | undefined
  readonly resourceLimits?: readonly ResourceLimit[] | undefined
}

/** What is submitted to the Launcher. `exe` is run with `args`; no shell of ours stands between. */
export interface JobSpec extends JobChoices {
  readonly user: string
  /** The Launcher cluster; the default one without it. */
  readonly cluster?: string | undefined
  readonly name: string
  /** Empty if there is a command, or the job is what its container runs. */
  readonly exe: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly workingDirectory: string
  readonly tags: readonly string[]
}

/** What else a plugin may tell of a job: what it was submitted with, and the code of its status. */
export interface JobDetails {
  readonly statusCode?: string
  readonly group?: string
  readonly queues?: readonly string[]
  readonly workingDirectory?: string
  readonly command?: string
  readonly exe?: string
  readonly args?: readonly string[]
  readonly stdoutFile?: string
  readonly stderrFile?: string
  readonly container?: object
  readonly initContainers?: readonly object[]
  readonly placementConstraints?: readonly object[]
  readonly exposedPorts?: readonly object[]
  readonly mounts?: readonly object[]
  readonly config?: readonly object[]
  readonly resourceLimits?: readonly ResourceLimit[]
  readonly metadata?: object
  readonly resourceProfile?: string
  readonly instanceId?: string
}

/** A job as the Launcher reports it; environment and standard input are never reported. */
export interface Job extends JobDetails {
  readonly id: string
  readonly cluster: string
  readonly name: string
  readonly user: string
  readonly status: JobStatus
  /** Why it is in this state, when there is something to say. */
  readonly statusMessage: string
  /** Set once the job has ended by itself or by a signal (128 + signal). */
  readonly exitCode: number | null
  readonly pid: number | null
  readonly host: string
  readonly tags: readonly string[]
  readonly submissionTime: string
  readonly lastUpdateTime: string
}

/** Which jobs are looked for, and what of them is told. */
export interface JobQuery extends JobFilter {
  /** Of this user only. */
  readonly user?: User | undefined
  /** In this Launcher cluster, in each (`*`), or in the default one. */
  readonly cluster?: string | undefined
  /** Only these fields of each job, and its id; every field if there are none. */
  readonly fields?: readonly string[] | undefined
}

/** Verbs that control a job; stop is SIGTERM, kill is SIGKILL, cancel is for a job that is Pending. */
export const JOB_OPERATIONS = ['suspend', 'resume', 'stop', 'kill', 'cancel'] as const

/** A verb that controls a job. */
export type JobOperation = (typeof JOB_OPERATIONS)[number]

/** Where a running job can be reached; `endpoints` is filled by back ends that know more than a host. */
export interface JobNetwork {
  readonly host: string
  readonly ipAddresses: readonly string[]
  /** Unix socket on `host` where the job listens, if the back end gave it one. */
  readonly socket: string | null
}

/** A TCP port at which a running job answers on the loopback of its host. */
export interface JobPort {
  readonly port: number
  /** Where to connect to; what other addresses of the host the job listens at is not told. */
  readonly address: '127.0.0.1' | '::1'
  /** The name of the process that listens, as it calls itself; printable ASCII. */
  readonly process: string
  /** Names the listening socket: it never stands for another one, not even at the same port. */
  readonly listener: string
}

/** One piece of a job's output. */
export interface JobOutput {
  readonly type: 'stdout' | 'stderr' | 'mixed'
  readonly output: string
}

/** What a job uses now: CPU in percent of one core, memory in bytes. */
export interface JobUsage {
  readonly id: string
  readonly cpuPercent: number
  readonly cpuSeconds: number
  readonly residentBytes: number
  readonly virtualBytes?: number
  /** In how many of its terminals a program runs that does not just wait for a person; null where it is not told. */
  readonly terminalPrograms: number | null
}
