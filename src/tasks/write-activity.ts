import type { Activity } from '../sessions/activity.ts'
import type { SessionStore } from '../sessions/session-store.ts'
import type { Task } from './task.ts'

/** Writes the times of last use to the database, where losing some of them is harmless. */
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
    const uses = this.#activity.take()
    if (uses.size === 0) return
    try {
      await this.#store.touch(uses)
    } catch (error) {
      this.#activity.untaken(uses)
      throw error
    }
  }
}
