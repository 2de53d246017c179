import { asAtelierError } from '../errors.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { WorkbenchJob } from '../jobs/workbench-job.ts'
import type { Log } from '../log.ts'
import { nextTick, type TickStep } from '../schedules/next-tick.ts'
import { MISSED, OVERLAPPED, refusedSentence } from '../schedules/problem-sentences.ts'
import { afterRefusal } from '../schedules/refusal.ts'
import type { DueSchedule, ScheduleStore, TickOutcome } from '../schedules/schedule-store.ts'
import type { Placement } from '../sessions/placement.ts'
import type { Task } from './task.ts'

/** How many are made at once. */
const AT_ONCE = 10
/** How long others leave a tick to the node that has taken it; if that dies, another makes it then. */
const LEASE_MS = 5000
/** Hints may be lost, so the table is looked at this often anyway. */
const LONGEST_PERIOD_MS = 2000
/** A table that says that something is due is asked again no sooner. */
const SHORTEST_PERIOD_MS = 20

/** Starts the jobs of schedules when they are due. Any node does it, and for each tick one does. */
export class RunSchedules implements Task {
  readonly name = 'run-schedules'
  readonly #store: Pick<ScheduleStore, 'now' | 'claim' | 'untilDue' | 'run' | 'pass' | 'postpone'>
  readonly #jobs: Pick<Jobs, 'prepare'>
  readonly #placement: Pick<Placement, 'place'>
  readonly #requireUser: (user: string) => Promise<void>
  readonly #started: (job: WorkbenchJob) => void
  readonly #log: Log
  #period = LONGEST_PERIOD_MS

  constructor(parts: {
    store: Pick<ScheduleStore, 'now' | 'claim' | 'untilDue' | 'run' | 'pass' | 'postpone'>
    jobs: Pick<Jobs, 'prepare'>
    placement: Pick<Placement, 'place'>
    /** Throws if this account is gone or may not be here any more. */
    requireUser: (user: string) => Promise<void>
    /** Told of each job whose row is written. */
    started: (job: WorkbenchJob) => void
    log: Log
  }) {
    this.#store = parts.store
    this.#jobs = parts.jobs
    this.#placement = parts.placement
    this.#requireUser = parts.requireUser
    this.#started = parts.started
    this.#log = parts.log
  }

  /** Until the next tick, as far as it is known. */
  get period(): number {
    return this.#period
  }

  /** Does what is due, and finds out when something is due next. */
  async activate(signal: AbortSignal): Promise<void> {
    this.#period = LONGEST_PERIOD_MS
    for (;;) {
      const due = signal.aborted ? [] : await this.#store.claim(AT_ONCE, LEASE_MS)
      if (due.length === 0) break
      await Promise.all(due.map((each) => this.#step(each)))
    }
    const wait = (await this.#store.untilDue()) ?? LONGEST_PERIOD_MS
    this.#period = Math.min(Math.max(wait, SHORTEST_PERIOD_MS), LONGEST_PERIOD_MS)
  }

  async #step(due: DueSchedule): Promise<void> {
    const { schedule, now } = due
    try {
      const step = nextTick(schedule, now)
      if (step.do === 'pass') await this.#store.pass(schedule, step.next, MISSED)
      if (step.do === 'run') await this.#run(due, step)
    } catch (error) {
      await this.#refused(due, error)
    }
  }

  async #run({ schedule }: DueSchedule, step: TickStep & { readonly do: 'run' }): Promise<void> {
    const { id, user, request } = schedule
    const { tick, next } = step
    await this.#requireUser(user)
    const { job, mostLiving } = await this.#jobs.prepare(user, request, { schedule: id, tick })
    const outcome = await this.#placement.place({ user, seed: job.id }, async (node) => {
      const made = await this.#store.run(schedule, next, { ...job, node }, mostLiving)
      // While the placement still counts it, so that others go elsewhere.
      if (made.did === 'run') this.#started(made.job)
      return made
    })
    await this.#made(schedule, step, outcome)
  }

  async #made(
    schedule: DueSchedule['schedule'],
    { tick, next }: TickStep & { readonly do: 'run' },
    outcome: TickOutcome,
  ): Promise<void> {
    if (outcome.did === 'overlap') await this.#store.pass(schedule, next, OVERLAPPED)
    if (outcome.did === 'exists') await this.#store.pass(schedule, next, null)
    if (outcome.did !== 'run') return
    const told = { schedule: schedule.id, tick, job: outcome.job.id, node: outcome.job.node }
    this.#log.info(told, 'a schedule started its job')
  }

  async #refused({ schedule }: DueSchedule, cause: unknown): Promise<void> {
    const error = asAtelierError(cause)
    const { id } = schedule
    this.#log.warn({ err: error, schedule: id }, 'a schedule could not start its job')
    // Nothing can be noted; it is due again when its hold has run out.
    if (error.code === 'DATABASE_UNAVAILABLE') return
    try {
      const now = await this.#store.now()
      const step = afterRefusal(schedule, error.code, now)
      const sentence = refusedSentence(error.message, step.do === 'again')
      if (step.do === 'again') await this.#store.postpone(schedule, step.wait, sentence)
      else await this.#store.pass(schedule, step.next, sentence)
    } catch (failure) {
      this.#log.warn({ err: failure, schedule: id }, 'what went wrong could not be noted')
    }
  }
}
