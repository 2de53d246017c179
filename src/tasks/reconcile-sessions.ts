import { setTimeout as delay } from 'node:timers/promises'
import { asAtelierError, type AtelierError } from '../errors.ts'
import { isFinalStatus, type Job } from '../launcher/job.ts'
import type { Launcher } from '../launcher/launcher.ts'
import type { Log } from '../log.ts'
import type { Locations } from '../sessions/locations.ts'
import { nextStep, probeDelay, type Step, type StepLimits } from '../sessions/next-step.ts'
import { isFinal, type Session } from '../sessions/session.ts'
import { jobFinder, type SessionJob, type SessionJobs } from '../sessions/session-jobs.ts'
import type { SessionChanges, SessionStore } from '../sessions/session-store.ts'
import type { Task } from './task.ts'

const ORPHAN_AFTER_MS = 60_000
const WAITING = 'Waiting for the Launcher, which does not answer.'

/** Makes each session of this node what its row desires; every step may be repeated, and any node's crash be finished. */
export class ReconcileSessions implements Task {
  readonly name = 'reconcile-sessions'
  readonly period = 2000
  readonly #node: string
  readonly #store: SessionStore
  readonly #locations: Locations
  readonly #launcher: Launcher
  readonly #jobs: SessionJobs
  readonly #limits: () => StepLimits
  readonly #log: Log
  readonly #again: () => void
  readonly #busy = new Set<string>()
  readonly #stopped = new Set<string>()
  readonly #probedSince = new Map<string, number>()
  readonly #orphanSince = new Map<string, number>()

  constructor(parts: {
    node: string
    store: SessionStore
    locations: Locations
    launcher: Launcher
    jobs: SessionJobs
    limits: () => StepLimits
    log: Log
    again: () => void
  }) {
    this.#node = parts.node
    this.#store = parts.store
    this.#locations = parts.locations
    this.#launcher = parts.launcher
    this.#jobs = parts.jobs
    this.#limits = parts.limits
    this.#log = parts.log
    this.#again = parts.again
  }

  /** Starts the next step of each session that needs one; a long step does not hold up other sessions. */
  async activate(signal: AbortSignal): Promise<void> {
    // The rows are taken before the jobs, so that a session's job cannot be missing from the list that judges it.
    const sessions = this.#locations.all().filter(({ node }) => node === this.#node)
    const starts = new Set(sessions.map(startOf))
    for (const start of this.#probedSince.keys()) {
      if (!starts.has(start)) this.#probedSince.delete(start)
    }
    const jobs = await this.#jobs.list().catch(async (error: unknown) => {
      await this.#sayWaiting(sessions)
      throw error
    })
    const jobOf = jobFinder(jobs)
    for (const session of sessions) {
      if (this.#busy.has(session.id)) continue
      const since = this.#probedSince.get(startOf(session))
      const step = nextStep(session, jobOf(session), Date.now(), since, this.#limits())
      if (step.do !== 'nothing') void this.#take(session, step, signal)
    }
    await this.#stopOrphans(jobs)
  }

  async #take(session: Session, step: Step, signal: AbortSignal): Promise<void> {
    this.#busy.add(session.id)
    try {
      await this.#do(session, step, signal)
    } catch (error) {
      if (!signal.aborted) await this.#failed(session, step, asAtelierError(error))
    } finally {
      this.#busy.delete(session.id)
    }
    if (!signal.aborted && (this.#locations.get(session.id)?.version ?? 0) > session.version) {
      this.#again()
    }
  }

  async #do(session: Session, step: Step, signal: AbortSignal): Promise<void> {
    if (step.do === 'submit') {
      const job = await this.#jobs.submit(session)
      await this.#write(session, { jobId: job.id, reason: null })
    } else if (step.do === 'probe' && session.jobId !== step.job.id) {
      // A change at the same time as the submission, such as a new name, has kept it from being written.
      await this.#write(session, { jobId: step.job.id })
    } else if (step.do === 'probe') {
      await this.#awaitReady(session, step.job, signal)
    } else if (step.do === 'kill') {
      await this.#launcher.control(step.job.id, 'kill')
    } else if (step.do === 'stop') {
      if (this.#stopped.has(step.job.id)) return
      await this.#launcher.control(step.job.id, 'stop')
      this.#stopped.add(step.job.id)
    } else if (step.do === 'set') {
      const logTail = step.withLog ? await this.#jobs.lastLines(session, step.withLog) : undefined
      // Before the row says so: its owner may remove it at once, and nobody would know of the job any more.
      if (step.withLog && !isFinalStatus(step.withLog.status)) {
        await this.#launcher.control(step.withLog.id, 'kill')
      }
      await this.#write(session, {
        state: step.state,
        reason: step.reason,
        ...(isFinal(step.state) && { location: null }),
        ...(logTail !== undefined && { logTail }),
      })
    }
  }

  // One probe after the other inside the step: the state changes at the IDE's first good answer, at most 0.1 s later.
  async #awaitReady(session: Session, job: Job, signal: AbortSignal): Promise<void> {
    const location = await this.#jobs.location(job)
    const since = this.#probedSince.get(startOf(session)) ?? Date.now()
    this.#probedSince.set(startOf(session), since)
    const deadline = Date.now() + this.period
    while (Date.now() < deadline && this.#locations.get(session.id)?.version === session.version) {
      if (await this.#jobs.isReady(session, location, signal)) {
        await this.#write(session, { state: 'Active', reason: null, location, jobId: job.id })
        return
      }
      await delay(probeDelay(Date.now() - since), undefined, { signal })
    }
  }

  async #write(session: Session, changes: SessionChanges): Promise<void> {
    const changed = await this.#store.update(session.id, session.version, changes)
    if (changed === undefined) return
    this.#locations.apply([changed])
    if (changed.state === session.state) return
    this.#probedSince.delete(startOf(session))
    if (isFinal(changed.state) && changed.jobId !== null) this.#stopped.delete(changed.jobId)
    const { id, ide, state, reason } = changed
    const after_ms = changed.stateAt.getTime() - session.stateAt.getTime()
    this.#log.info({ session: id, ide, state, reason, after_ms }, 'session changed its state')
  }

  // An unreachable Launcher or database is waited for; any other refusal of a start will not get better by repeating it.
  async #failed(session: Session, step: Step, error: AtelierError): Promise<void> {
    this.#log.warn({ err: error, session: session.id, step: step.do }, 'a step of a session failed')
    if (step.do !== 'submit' || error.code === 'DATABASE_UNAVAILABLE') return
    if (error.code === 'LAUNCHER_UNAVAILABLE') return this.#sayWaiting([session])
    const failed = { state: 'Failed', reason: error.message } as const
    await this.#write(session, failed).catch(() => undefined)
  }

  async #sayWaiting(sessions: readonly Session[]): Promise<void> {
    for (const session of sessions) {
      const isWaiting = session.state === 'Starting' && session.jobId === null
      if (!isWaiting || session.reason === WAITING) continue
      await this.#write(session, { reason: WAITING }).catch(() => undefined)
    }
  }

  /** Jobs that nobody wants any more: their session was removed, stopped while its server was lost, or started again elsewhere. */
  async #stopOrphans(jobs: readonly SessionJob[]): Promise<void> {
    const now = Date.now()
    for (const { job, session: id, epoch } of jobs) {
      const isYoung = now - Date.parse(job.submissionTime) < ORPHAN_AFTER_MS
      const known = this.#locations.get(id)
      const isWanted = known !== undefined && !isForsaken(known, epoch)
      if (isWanted || isFinalStatus(job.status) || (isYoung && known === undefined)) {
        this.#orphanSince.delete(job.id)
        continue
      }
      // The truth decides, and not a cache that may be behind.
      const [row] = await this.#store.some([id])
      if (row !== undefined && !isForsaken(row, epoch)) continue
      const since = this.#orphanSince.get(job.id)
      if (since === undefined) {
        this.#orphanSince.set(job.id, now)
        const why = row === undefined ? 'has no session any more' : 'is not wanted any more'
        this.#log.warn({ session: id, job: job.id, epoch }, `a job ${why}; it is stopped`)
      }
      const operation = now - (since ?? now) > this.#limits().stopTimeout ? 'kill' : 'stop'
      await this.#launcher.control(job.id, operation).catch((error: unknown) => {
        this.#log.warn({ err: error, job: job.id }, 'a job without a session does not stop')
      })
    }
  }
}

/** One start of a session, which may be started again on another node and come back. */
function startOf({ id, epoch }: Pick<Session, 'id' | 'epoch'>): string {
  return `${id}.${epoch}`
}

/**
 * True if the session goes on without the job of this epoch. By its epoch alone, as every start elsewhere raises it: a node that
 * was renamed still runs what belongs to its old name.
 */
function isForsaken(session: Session, epoch: number): boolean {
  if (session.epoch !== epoch) return true
  return session.state === 'Stopped' && session.desired === 'stopped'
}
