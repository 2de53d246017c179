import { constants } from 'node:os'
import type { JobStatus } from '../../launcher/job.ts'

/** How a job has ended. */
export interface Ending {
  readonly status: JobStatus
  readonly statusMessage: string
  readonly exitCode: number | null
}

/** The exit code of a process that SIGKILL has ended. */
const KILLED = 128 + constants.signals.SIGKILL
/** The exit codes of a start that could not be: refused, or too slow. */
const NOT_STARTED = [126, 128 + constants.signals.SIGALRM]

/** What became of a job whose leader is gone. */
export function endingOf(facts: {
  /** What the leader recorded, if it could. */
  readonly exitCode: number | undefined
  readonly killRequested: boolean
  /** True if the system was started again after the job began. */
  readonly rebooted: boolean
  /** Why its command could not be reached, as a sentence; empty if it was. */
  readonly trouble: string
}): Ending {
  const { exitCode, killRequested, rebooted, trouble } = facts
  if (killRequested && (exitCode === undefined || exitCode === KILLED)) {
    return { status: 'Killed', statusMessage: '', exitCode: KILLED }
  }
  if (trouble !== '' && exitCode !== undefined && NOT_STARTED.includes(exitCode)) {
    return { status: 'Failed', statusMessage: trouble, exitCode: null }
  }
  if (exitCode !== undefined) {
    return { status: 'Finished', statusMessage: signalMessage(exitCode), exitCode }
  }
  const statusMessage = rebooted
    ? 'The server was restarted while the job ran.'
    : 'The job was ended from outside, and its exit code is not known.'
  return { status: 'Failed', statusMessage, exitCode: null }
}

/** What is said of a job whose memory limit, in bytes, made the kernel end a process of it. */
export function memoryMessage(limit: number): string {
  const mib = Math.round(limit / 1024 / 1024)
  return `The memory limit of ${mib} MiB was reached, and the system ended a process.`
}

/** What is said of a job whose limit of processes made the kernel refuse it one. */
export function processesMessage(limit: number): string {
  return `The limit of ${limit} processes and threads was reached, and the system refused a new one.`
}

function signalMessage(exitCode: number): string {
  const [name] =
    Object.entries(constants.signals).find(([, number]) => number === exitCode - 128) ?? []
  return name === undefined ? '' : `Ended by ${name}.`
}
