import { isFinalStatus, JOB_STATUSES } from '../launcher/job.ts'
import type { SessionLimits } from '../sessions/session.ts'

/** What a Workbench job runs: a file of a language, or a command that an administrator allows. */
export const JOB_KINDS = ['r', 'python', 'shell', 'notebook', 'command'] as const

/** A kind of Workbench job. */
export type JobKind = (typeof JOB_KINDS)[number]

/**
 * States of a Workbench job: those of the Launcher, and Lost for one whose server is out of reach; it comes back by itself if
 * the server does, and is never run again by itself. The last four of the Launcher's are final.
 */
export const JOB_STATES = [...JOB_STATUSES, 'Lost'] as const

/** A state of a Workbench job. */
export type JobState = (typeof JOB_STATES)[number]

/** What its owner wants of a job; `killed` is stopped without asking it. */
export const JOB_DESIRES = ['running', 'stopped', 'killed'] as const

/** A wish about a job. */
export type JobDesire = (typeof JOB_DESIRES)[number]

/** What is to be run, as somebody submitted it or a schedule keeps it. */
export interface JobRequest {
  /** What its owner calls it; by itself the name of the file or command. */
  readonly name: string
  readonly kind: JobKind
  /** The absolute path of the file; null for a command. */
  readonly script: string | null
  /** The name of the allowed command; null for a file. */
  readonly command: string | null
  readonly args: readonly string[]
  /** It may hold secrets: values go to the job only, and to no answer and no log. */
  readonly environment: Readonly<Record<string, string>>
  /** An absolute path; null for the folder of the file, or else the home. */
  readonly workingDirectory: string | null
  /** The id of the chosen Python; null for whatever its account runs anyway. */
  readonly python: string | null
  /** The same for R. */
  readonly r: string | null
  /** The Launcher cluster; null for the default one. */
  readonly cluster: string | null
  /** The resource profile; null for the usual one. */
  readonly profile: string | null
  /** Where to tell that it has ended; null for nowhere. */
  readonly webhook: string | null
}

/** One Workbench job, a script that is run to its end: a row of the jobs table. */
export interface WorkbenchJob extends JobRequest {
  readonly id: string
  readonly user: string
  /** What it may use, as it was granted. */
  readonly limits: SessionLimits | null
  /** The schedule that started it, and for when; null if somebody submitted it. */
  readonly schedule: string | null
  readonly tick: Date | null
  /** The session that it was submitted from. */
  readonly session: string | null
  /** The name of the node whose Launcher runs it and whose process follows it. */
  readonly node: string
  /** Grows by one whenever it is given to another node, which is only done as long as it was not handed over. */
  readonly epoch: number
  /** Grows by one with every change of the row; a hint carries it. */
  readonly version: number
  readonly desired: JobDesire
  readonly state: JobState
  /** Why it is in this state, such as why it waits, as a sentence for its owner; null when there is nothing to say. */
  readonly reason: string | null
  /**
   * When its node began to hand it over to the Launcher: from then on only that node's Launcher knows whether it runs, and
   * it is given to no other node. Null before.
   */
  readonly submittedAt: Date | null
  /** Its id in the Launcher, with its Launcher cluster; null as long as that is not known. */
  readonly jobId: string | null
  /** Where it runs, as the Launcher says. */
  readonly host: string | null
  readonly exitCode: number | null
  readonly createdAt: Date
  /** When the present state began. */
  readonly stateAt: Date
  readonly startedAt: Date | null
  readonly endedAt: Date | null
  /** What it has used in all, once it has ended. */
  readonly cpuSeconds: number | null
  /** The most it had at a time, in bytes. */
  readonly peakMemoryBytes: number | null
  /** Bytes that were kept of what it printed; null while it runs. */
  readonly outputBytes: number | null
  /** When what it printed was removed, because its time was over. */
  readonly outputRemovedAt: Date | null
}

/** True for the states that a job never leaves. */
export function isFinalJob(state: JobState): boolean {
  return state !== 'Lost' && isFinalStatus(state)
}
