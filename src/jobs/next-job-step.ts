import { isFinalStatus, type Job } from '../launcher/job.ts'
import { endSentence, FORGOTTEN, noAnswerSentence, NOT_KNOWN } from './job-sentences.ts'
import type { JobChanges } from './job-store.ts'
import { isFinalJob, type WorkbenchJob } from './workbench-job.ts'

/** What the reconciler does next with a Workbench job; the changes of `set` and `end` are written to its row. */
export type JobStep =
  | { readonly do: 'nothing' }
  | { readonly do: 'move' }
  | { readonly do: 'hand-over' }
  | { readonly do: 'submit' }
  | { readonly do: 'set'; readonly changes: JobChanges }
  | { readonly do: 'end'; readonly changes: JobChanges }
  | { readonly do: 'stop' | 'kill' | 'cancel'; readonly job: Job }

/**
 * What the Launcher says of a job: its job, `none` if it has none, `unknown` if it or the Launcher cluster does not answer, which
 * says nothing about the job.
 */
export type SeenJob = Job | 'none' | 'unknown'

/** What else a step depends on; times in ms. */
export interface JobFacts {
  readonly now: number
  /** True while this node gets nothing new. */
  readonly draining: boolean
  /** For how long after it was handed over a job of which nothing is known may be submitted again. */
  readonly submitAgainWithin: number
  /** How long ago it was asked to stop; undefined if it was not. */
  readonly stoppingFor: number | undefined
  readonly stopTimeout: number
}

const NOTHING: JobStep = { do: 'nothing' }

/** Decides from what is desired and what the Launcher says. */
export function nextJobStep(job: WorkbenchJob, seen: SeenJob, facts: JobFacts): JobStep {
  if (isFinalJob(job.state)) return NOTHING
  if (job.submittedAt === null) return stepOfWaiting(job, seen, facts)
  if (seen === 'unknown') return sayNoAnswer(job)
  if (seen === 'none') return stepOfMissing(job, facts)
  if (isFinalStatus(seen.status)) return { do: 'end', changes: endChanges(job, seen, facts.now) }
  const changes = newsOf(job, seen, facts.now)
  if (Object.keys(changes).length > 0) return { do: 'set', changes }
  return job.desired === 'running' ? NOTHING : stepToStop(job, seen, facts)
}

function stepOfWaiting(job: WorkbenchJob, seen: SeenJob, { draining, now }: JobFacts): JobStep {
  if (job.desired !== 'running') {
    return { do: 'end', changes: { state: 'Canceled', endedAt: new Date(now) } }
  }
  if (draining) return { do: 'move' }
  // Handed over it could go to no other node, and would stand before others of its user.
  return seen === 'unknown' ? sayNoAnswer(job) : { do: 'hand-over' }
}

/** Once it runs it is not told: it goes on whether the Launcher answers or not. */
function sayNoAnswer(job: WorkbenchJob): JobStep {
  const reason = noAnswerSentence(job.cluster)
  if (job.jobId !== null || job.desired !== 'running' || job.state !== 'Pending') return NOTHING
  if (job.reason === reason) return NOTHING
  return { do: 'set', changes: { reason, ...(job.submittedAt === null && { standsAside: true }) } }
}

function stepOfMissing(job: WorkbenchJob, facts: JobFacts): JobStep {
  const endedAt = new Date(facts.now)
  if (job.jobId !== null) {
    return { do: 'end', changes: { state: 'Failed', reason: FORGOTTEN, endedAt } }
  }
  if (job.desired !== 'running') return { do: 'end', changes: { state: 'Canceled', endedAt } }
  // The Launcher forgets jobs that have ended: after a long time that there is none does not say that it never ran.
  const since = facts.now - (job.submittedAt?.getTime() ?? 0)
  if (since < facts.submitAgainWithin) return { do: 'submit' }
  return { do: 'end', changes: { state: 'Failed', reason: NOT_KNOWN, endedAt } }
}

function stepToStop(job: WorkbenchJob, seen: Job, facts: JobFacts): JobStep {
  const { stoppingFor, stopTimeout } = facts
  const overdue = stoppingFor !== undefined && stoppingFor > stopTimeout
  if (seen.status === 'Pending') {
    return stoppingFor === undefined || overdue ? { do: 'cancel', job: seen } : NOTHING
  }
  if (job.desired === 'killed' || overdue) return { do: 'kill', job: seen }
  return stoppingFor === undefined ? { do: 'stop', job: seen } : NOTHING
}

/** What the row does not say yet of a job that goes on; why it is stopped stays. */
function newsOf(job: WorkbenchJob, seen: Job, now: number): JobChanges {
  const host = seen.host === '' ? null : seen.host
  const reason = seen.statusMessage === '' ? null : seen.statusMessage
  const isStarted = seen.status !== 'Pending' && job.startedAt === null
  return {
    ...(job.jobId !== seen.id && { jobId: seen.id }),
    ...(job.host !== host && { host }),
    ...(job.state !== seen.status && { state: seen.status }),
    ...(job.desired === 'running' && job.reason !== reason && { reason }),
    ...(isStarted && { startedAt: timeOf(seen.lastUpdateTime, now) }),
  }
}

function endChanges(job: WorkbenchJob, seen: Job, now: number): JobChanges {
  const endedAt = timeOf(seen.lastUpdateTime, now)
  const hasRun = seen.exitCode !== null
  return {
    state: seen.status,
    jobId: seen.id,
    host: seen.host === '' ? null : seen.host,
    exitCode: seen.exitCode,
    reason: job.desired === 'running' ? endSentence(seen) : job.reason,
    ...(hasRun && job.startedAt === null && { startedAt: timeOf(seen.submissionTime, now) }),
    endedAt,
  }
}

/** The time that a plugin tells, if it is one. */
function timeOf(text: string, now: number): Date {
  const time = Date.parse(text)
  return new Date(Number.isNaN(time) ? now : Math.min(time, now))
}
