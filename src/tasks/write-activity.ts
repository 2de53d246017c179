import type { Activity } from '../sessions/activity.ts'
import type { LatestTimes } from '../sessions/latest-times.ts'
import type { SessionStore } from '../sessions/session-store.ts'
import type { Task } from './task.ts'

/** Writes the times of last use and of last computing to the database, where losing some of them is harmless. */
export class WriteActivity implements Task {
  readonly name = 'write-activity'
  readonly period = 30_000
  readonly #activity: Activity
  readonly #store: Pick<SessionStore, 'touch'>

  constructor(parts: { activity: Activity; store: Pick<SessionStore, 'touch'> }) {
    this.#activity = parts.activity
    this.#store = parts.store
  }

  /** Writes what is unwritten; while the database is down it is kept for the next time. */
  async activate(): Promise<void> {
    await this.#write(this.#activity.uses, 'used')
    await this.#write(this.#activity.computing, 'busy')
  }

  async #write(times: LatestTimes, what: 'used' | 'busy'): Promise<void> {
    const taken = times.take()
    if (taken.size === 0) return
    try {
      await this.#store.touch(taken, what)
    } catch (error) {
      times.untaken(taken)
      throw error
    }
  }
}
