import { setTimeout as delay } from 'node:timers/promises'
import { customAlphabet } from 'nanoid'
import { AtelierError } from '../errors.ts'
import { jobRequest, type JobWish } from '../jobs/job-request.ts'
import type { Jobs, SubmittedJob } from '../jobs/jobs.ts'
import type { Limits } from '../sessions/limits.ts'
import type { Idempotency } from '../sessions/session-store.ts'
import type { ScheduleChanges, ScheduleStore } from './schedule-store.ts'
import type { Schedule, ScheduleChoice } from './schedule.ts'
import { tickAfter, timingProblem, type Timing } from './ticks.ts'

const newId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 12)
const ATTEMPTS = 30

/** What somebody wants a schedule to be; without a name it is called as what it runs. */
export type ScheduleWish = Omit<ScheduleChoice, 'request'> & { readonly request: JobWish }

/** What is to be changed of a schedule; of its request too only what is named. */
export type ScheduleEdit = {
  readonly [K in keyof ScheduleWish]?: ScheduleWish[K] | undefined
}

/** Schedules of a user where nothing is said: the list of them has one page. */
const SCHEDULES_MOST = 100

/** What users do with schedules. The jobs themselves are started by a task. */
export class Schedules {
  readonly #store: ScheduleStore
  readonly #jobs: Pick<Jobs, 'prepare' | 'submitJob'>
  readonly #limits: Pick<Limits, 'of'>
  readonly #shortest: () => number

  constructor(parts: {
    store: ScheduleStore
    jobs: Pick<Jobs, 'prepare' | 'submitJob'>
    limits: Pick<Limits, 'of'>
    /** How far apart runs must be, in seconds; asked each time. */
    shortest: () => number
  }) {
    this.#store = parts.store
    this.#jobs = parts.jobs
    this.#limits = parts.limits
    this.#shortest = parts.shortest
  }

  /** Of a user, or of everybody; oldest first. */
  async listSchedules(user?: string): Promise<readonly Schedule[]> {
    return this.#store.list(user)
  }

  /** How many the user may have, and how far apart runs must be, in seconds. */
  async scheduleLimits(
    user: string,
  ): Promise<{ readonly most: number; readonly shortest: number }> {
    const most = (await this.#limits.of(user)).schedules ?? SCHEDULES_MOST
    return { most, shortest: this.#shortest() }
  }

  /** The user's schedule with this id. Throws SCHEDULE_NOT_FOUND, also for somebody else's. */
  async getSchedule(user: string, id: string): Promise<Schedule> {
    const schedule = await this.findSchedule(id)
    if (schedule.user !== user) throw new AtelierError('SCHEDULE_NOT_FOUND')
    return schedule
  }

  /** The schedule with this id, whosever it is. Throws SCHEDULE_NOT_FOUND. */
  async findSchedule(id: string): Promise<Schedule> {
    const schedule = await this.#store.get(id)
    if (schedule === undefined) throw new AtelierError('SCHEDULE_NOT_FOUND')
    return schedule
  }

  /**
   * Makes a schedule. Throws BAD_REQUEST for a time or a request that nothing can be made of, what submitting such a job
   * would throw, and LIMIT_REACHED.
   */
  async createSchedule(user: string, wish: ScheduleWish): Promise<Schedule> {
    const request = jobRequest(wish.request)
    await this.#jobs.prepare(user, request)
    const most = (await this.#limits.of(user)).schedules ?? SCHEDULES_MOST
    const first = await this.#firstTick(wish)
    const nextAt = wish.enabled ? first : null
    const name = wish.name || request.name
    return this.#store.insert({ ...wish, id: newId(), user, name, request, nextAt }, most)
  }

  /** Changes a schedule. One that is given another time, or goes on, has its next run after now. Throws as `createSchedule`. */
  async changeSchedule(user: string, id: string, edit: ScheduleEdit): Promise<Schedule> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const schedule = await this.getSchedule(user, id)
      const changes = await this.#changes(schedule, edit)
      const changed = await this.#store.update(id, schedule.version, changes)
      if (changed !== undefined) return changed
      await delay(Math.random() * 10 * attempt)
    }
    throw new AtelierError('VERSION_CONFLICT', 'The schedule changes all the time. Try again.')
  }

  /** Removes a schedule; its jobs go on. Throws SCHEDULE_NOT_FOUND. */
  async removeSchedule(user: string, id: string): Promise<void> {
    await this.getSchedule(user, id)
    if (!(await this.#store.remove(id))) throw new AtelierError('SCHEDULE_NOT_FOUND')
  }

  /** Submits the job of a schedule now, whether it is paused or a run of it goes on. Throws as submitting a job does. */
  async runSchedule(user: string, id: string, once?: Idempotency): Promise<SubmittedJob> {
    const { request } = await this.getSchedule(user, id)
    const submitted = await this.#jobs.submitJob(user, request, once, { schedule: id })
    if (!submitted.replayed) await this.#store.ran(id, submitted.job.id)
    return submitted
  }

  async #changes(schedule: Schedule, edit: ScheduleEdit): Promise<ScheduleChanges> {
    const { request: wish, ...plain } = edit
    const { cron, timeZone, enabled } = { ...schedule, ...withoutUnset(plain) }
    const isRetimed =
      cron !== schedule.cron || timeZone !== schedule.timeZone || enabled !== schedule.enabled
    const first = isRetimed ? await this.#firstTick({ cron, timeZone }) : undefined
    const retimed = first === undefined ? {} : { nextAt: enabled ? first : null }
    if (wish === undefined) return { ...withoutUnset(plain), ...retimed }
    const request = jobRequest({ ...schedule.request, ...ofAnotherFile(wish), ...wish })
    await this.#jobs.prepare(schedule.user, request)
    return { ...withoutUnset(plain), ...retimed, request }
  }

  async #firstTick(timing: Timing): Promise<Date | null> {
    const now = await this.#store.now()
    const problem = timingProblem(timing, this.#shortest(), now)
    if (problem !== undefined) throw new AtelierError('BAD_REQUEST', problem)
    return tickAfter(timing, now)
  }
}

/** What is found anew if another file or command is to be run. */
function ofAnotherFile({ script, command, kind }: JobWish): object {
  if (script === undefined && command === undefined) return {}
  const other = script == null ? { script: null } : { command: null }
  return { ...other, name: '', ...(kind === undefined && { kind: undefined }) }
}

function withoutUnset<T extends object>(edit: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
