import type { Job } from '../launcher/job.ts'

/** Why a job is Lost, as a sentence for its owner. */
export function lostJobSentence(node: string): string {
  return `Its server ${node} is lost. The job goes on there as far as it can, and is told of again when its server is back.`
}

/** Why a job has ended that was to be stopped when its server was lost. */
export const STOPPED_WHILE_LOST = 'Stopped by its owner while its server was lost.'

/** Why somebody may submit no other job who has as many as may be, running and waiting. */
export function jobsLimitSentence(most: number): string {
  if (most === 0) return 'Your administrator allows you no jobs.'
  const have = `You have ${most} job${most === 1 ? '' : 's'} running or waiting`
  return `${have}, which is as many as may be. Wait until one has ended, or stop one first.`
}

/** Why a job waits whose user has as many running as may be at a time. */
export function turnSentence(most: number): string {
  return `You have ${most} of ${most} jobs running; this one starts when one of them ends.`
}

/** Who has stopped a job. */
export type Stopper = 'owner' | 'administrator'

/** Why a job is being stopped or was, as a sentence for its owner. */
export function stopSentence(by: Stopper): string {
  return by === 'owner' ? 'Its owner asked it to stop.' : 'An administrator asked it to stop.'
}

/** What is said of a job that the Launcher no longer knows. */
export const FORGOTTEN =
  'The Launcher no longer knows this job: it may have ended, and how is not known.'

/** What is said of a job of which nobody can tell any more whether it was started. */
export const NOT_KNOWN =
  'It was handed over to the Launcher, which knows nothing of it, too long ago to hand it over again: it may have run already.'

/** Why a job waits whose Launcher, or Launcher cluster, does not answer. */
export function noAnswerSentence(cluster: string | null): string {
  if (cluster === null) return 'Waiting for the Launcher, which does not answer.'
  return `Waiting for the Launcher cluster ${cluster}, which does not answer.`
}

/** Why a job waits that its server may not start, as it is being drained, and that no other server takes. */
export const NO_SERVER = 'No server takes new jobs at the moment; this one starts when one does.'

/** How a job has ended, as a sentence for its owner; null if there is nothing to say. */
export function endSentence({
  status,
  exitCode,
  statusMessage,
}: Pick<Job, 'status' | 'exitCode' | 'statusMessage'>): string | null {
  if (status === 'Finished' && exitCode === 0) return statusMessage === '' ? null : statusMessage
  // Why it could not be started, or what became of it.
  if (exitCode === null || /memory limit/i.test(statusMessage)) {
    return statusMessage === '' ? `It has ended: ${status.toLowerCase()}.` : statusMessage
  }
  const said = statusMessage === '' ? '' : ` (${statusMessage})`
  if (status === 'Killed') return `It was killed${said}.`
  if (exitCode === 137) return `It was killed${said}. Perhaps the server ran out of memory.`
  return `It ended with exit code ${exitCode}${said}.`
}
