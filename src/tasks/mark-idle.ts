import type { Activity } from '../sessions/activity.ts'
import type { BusySigns } from '../sessions/busy-signs.ts'
import type { IdleWatch } from '../sessions/idle-watch.ts'
import type { Locations } from '../sessions/locations.ts'
import type { Session } from '../sessions/session.ts'
import type { SessionStore } from '../sessions/session-store.ts'
import type { Task } from './task.ts'

/** Marks sessions Idle that nobody has used for a while and that compute nothing, and Active again when they are used. */
export class MarkIdle implements Task {
  readonly name = 'mark-idle'
  readonly #node: string
  readonly #locations: Locations
  readonly #activity: Activity
  readonly #watch: IdleWatch
  readonly #signs: BusySigns
  readonly #store: Pick<SessionStore, 'update'>
  readonly #canSee: () => Promise<unknown>

  constructor(parts: {
    node: string
    locations: Locations
    activity: Activity
    watch: IdleWatch
    signs: BusySigns
    store: Pick<SessionStore, 'update'>
    /** Throws while Launcher or database do not answer. */
    canSee: () => Promise<unknown>
  }) {
    this.#node = parts.node
    this.#locations = parts.locations
    this.#activity = parts.activity
    this.#watch = parts.watch
    this.#signs = parts.signs
    this.#store = parts.store
    this.#canSee = parts.canSee
  }

  /** Often enough to be late by no more than half of the time. */
  get period(): number {
    return Math.min(15_000, ...this.#watch.times.map((time) => time / 2))
  }

  /** Looks at each Active or Idle session of this node once. While Launcher or database are away nothing is decided. */
  async activate(signal: AbortSignal): Promise<void> {
    try {
      await this.#canSee()
    } catch {
      this.#watch.blind()
      return
    }
    this.#watch.look(this.period)
    const sessions = this.#locations.all().filter(({ node }) => node === this.#node)
    // Side by side: an IDE that hangs must not hold up the others.
    await Promise.all(sessions.map((session) => this.#mark(session, signal)))
  }

  async #mark(session: Session, signal: AbortSignal): Promise<void> {
    if (session.state !== 'Active' && session.state !== 'Idle') return
    this.#watch.saw(session.id, await this.#isBusy(session, signal))
    if (signal.aborted) return
    const { state } = this.#watch.outlook(session)
    if (state === session.state) return
    const changed = await this.#store.update(session.id, session.version, { state })
    if (changed !== undefined) this.#locations.apply([changed])
  }

  // Not asked as long as it makes no difference: an IDE that is used need not be asked whether it computes.
  async #isBusy(session: Session, signal: AbortSignal): Promise<boolean | undefined> {
    const unused = Date.now() - this.#activity.lastUsed(session).getTime()
    // The shorter of the times after which something happens to an unused session.
    const { idleAfter, stopIdleAfter } = this.#watch.limitsOf(session.user)
    const patience = stopIdleAfter === 0 ? idleAfter : Math.min(idleAfter, stopIdleAfter)
    if (unused < patience / 2) return false
    return this.#signs.isBusy(session, patience, signal)
  }
}
