import { isFinalStatus, type Job } from '../launcher/job.ts'
import { isFinal, type Session, type SessionState } from './session.ts'

/** What the reconciler does next with a session. */
export type Step =
  | { readonly do: 'nothing' }
  | { readonly do: 'submit' }
  | { readonly do: 'probe'; readonly job: Job }
  | { readonly do: 'stop'; readonly job: Job }
  | { readonly do: 'kill'; readonly job: Job }
  | {
      readonly do: 'set'
      readonly state: SessionState
      readonly reason: string | null
      readonly withLog?: Job
    }

/** Time limits of the steps, in ms. */
export interface StepLimits {
  readonly startTimeout: number
  readonly stopTimeout: number
}

const NOTHING: Step = { do: 'nothing' }

/**
 * Decides from what is desired and what the Launcher says. `job` is undefined only if the Launcher answered and has no
 * job for this session; when the Launcher does not answer nothing may be decided, so do not ask. Times are in ms;
 * `probedSince` is when this process first asked the running IDE, so that no pause of ours counts against it.
 */
export function nextStep(
  session: Session,
  job: Job | undefined,
  now: number,
  probedSince: number | undefined,
  limits: StepLimits,
): Step {
  if (isFinal(session.state)) {
    // One that was stopped while its server was lost is ended gently, as jobs are that nobody wants any more.
    const isStopped = session.state === 'Stopped' && session.desired === 'stopped'
    return job && isLive(job) && !isStopped ? { do: 'kill', job } : NOTHING
  }
  if (session.desired !== 'running') return stepToStop(session, job, now, limits)
  if (session.state === 'Lost') return stepToReclaim(session, job)
  if (job === undefined) {
    if (session.state === 'Starting') return { do: 'submit' }
    return { do: 'set', state: 'Failed', reason: 'The Launcher no longer knows this session.' }
  }
  if (isFinalStatus(job.status)) return ended(session, job)
  if (session.state !== 'Starting') return tellOf(session, job)
  if (job.status !== 'Running') return NOTHING
  if (probedSince !== undefined && now - probedSince > limits.startTimeout) {
    const seconds = Math.round(limits.startTimeout / 1000)
    const reason = `It did not answer within ${seconds} seconds.`
    return { do: 'set', state: 'Failed', reason, withLog: job }
  }
  return { do: 'probe', job }
}

/** Its server is back: this very node looks at it. What still runs goes on, and what had not begun yet begins. */
function stepToReclaim({ location }: Session, job: Job | undefined): Step {
  const wasReady = location !== null
  if (job !== undefined && isLive(job)) {
    return { do: 'set', state: wasReady ? 'Active' : 'Starting', reason: null }
  }
  if (!wasReady) return { do: 'set', state: 'Starting', reason: null }
  const reason = 'It ended while its server was lost.'
  return { do: 'set', state: 'Failed', reason, ...(job && { withLog: job }) }
}

/** A message about a job that runs on, such as that it ran out of memory, is for the session's owner. */
function tellOf({ state, reason }: Session, { statusMessage }: Job): Step {
  if (statusMessage === '' || statusMessage === reason) return NOTHING
  return { do: 'set', state, reason: statusMessage }
}

/**
 * How long to wait, in ms, before an IDE that has been asked for `elapsed` ms is asked again: a tenth of that, so that
 * the wait adds next to nothing to a start whether it is quick or slow, and a slow one is not asked all the time.
 */
export function probeDelay(elapsed: number): number {
  return Math.min(Math.max(elapsed / 10, 10), 100)
}

function isLive(job: Job): boolean {
  return !isFinalStatus(job.status)
}

function stepToStop(
  session: Session,
  job: Job | undefined,
  now: number,
  { stopTimeout }: StepLimits,
): Step {
  if (job === undefined || !isLive(job)) {
    const byOwner =
      session.desired === 'killed' ? 'Stopped by force by its owner.' : 'Stopped by its owner.'
    const reason = session.stopReason ?? byOwner
    return { do: 'set', state: 'Stopped', reason }
  }
  if (session.state !== 'Stopping') return { do: 'set', state: 'Stopping', reason: null }
  const overdue = now - session.stateAt.getTime() > stopTimeout
  if (session.desired === 'killed' || overdue) return { do: 'kill', job }
  return { do: 'stop', job }
}

function ended(session: Session, job: Job): Step {
  const how = describeEnd(job)
  if (session.state === 'Starting') {
    return {
      do: 'set',
      state: 'Failed',
      reason: `It ended before it was ready: ${how}`,
      withLog: job,
    }
  }
  if (job.status === 'Finished' && job.exitCode === 0) {
    return { do: 'set', state: 'Stopped', reason: 'The IDE was closed from inside.' }
  }
  return { do: 'set', state: 'Failed', reason: `It ended unexpectedly: ${how}`, withLog: job }
}

function describeEnd({ status, exitCode, statusMessage }: Job): string {
  const said = statusMessage === '' ? '' : ` (${statusMessage})`
  // Why it could not be started, or what became of it.
  if (exitCode === null && status === 'Failed' && statusMessage !== '') return statusMessage
  if (exitCode === null) return `${status.toLowerCase()}${said}.`
  // A back end that knows why the system killed it says so.
  if (exitCode === 137 && /memory limit/i.test(statusMessage)) return statusMessage
  if (exitCode === 137) return `it was killed${said}. Perhaps the server ran out of memory.`
  if (exitCode === 126 || exitCode === 127) return `its program could not be run${said}.`
  return `exit code ${exitCode}${said}.`
}
