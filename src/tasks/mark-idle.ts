import type { Activity } from '../sessions/activity.ts'
import type { Locations } from '../sessions/locations.ts'
import type { Session } from '../sessions/session.ts'
import type { SessionJobs } from '../sessions/session-jobs.ts'
import type { SessionStore } from '../sessions/session-store.ts'
import type { Task } from './task.ts'

/** Marks sessions Idle that nobody has used for a while and that compute nothing, and Active again when they are used. */
export class MarkIdle implements Task {
  readonly name = 'mark-idle'
  readonly #node: string
  readonly #locations: Locations
  readonly #activity: Activity
  readonly #jobs: Pick<SessionJobs, 'isBusy'>
  readonly #store: Pick<SessionStore, 'update'>
  readonly #idleAfter: () => number

  /** `idleAfter` is in ms. */
  constructor(parts: {
    node: string
    locations: Locations
    activity: Activity
    jobs: Pick<SessionJobs, 'isBusy'>
    store: Pick<SessionStore, 'update'>
    idleAfter: () => number
  }) {
    this.#node = parts.node
    this.#locations = parts.locations
    this.#activity = parts.activity
    this.#jobs = parts.jobs
    this.#store = parts.store
    this.#idleAfter = parts.idleAfter
  }

  /** Often enough to be late by no more than half of the time. */
  get period(): number {
    return Math.min(15_000, this.#idleAfter() / 2)
  }

  /** Looks at each Active or Idle session of this node once. */
  async activate(signal: AbortSignal): Promise<void> {
    for (const session of this.#locations.all()) {
      if (session.node !== this.#node || session.location === null) continue
      if (session.state !== 'Active' && session.state !== 'Idle') continue
      const state = (await this.#isInUse(session, signal)) ? 'Active' : 'Idle'
      if (signal.aborted) return
      if (state === session.state) continue
      const changed = await this.#store.update(session.id, session.version, { state })
      if (changed !== undefined) this.#locations.apply([changed])
    }
  }

  async #isInUse(session: Session, signal: AbortSignal): Promise<boolean> {
    const unused = Date.now() - this.#activity.lastUsed(session).getTime()
    if (unused < this.#idleAfter()) return true
    return session.location !== null && this.#jobs.isBusy(session, session.location, signal)
  }
}
