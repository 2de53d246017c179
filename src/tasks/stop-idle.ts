import type { Log } from '../log.ts'
import type { BusySigns } from '../sessions/busy-signs.ts'
import type { IdleWatch } from '../sessions/idle-watch.ts'
import type { Locations } from '../sessions/locations.ts'
import type { Session } from '../sessions/session.ts'
import type { SessionStore } from '../sessions/session-store.ts'
import { stopSentence } from '../sessions/stop-sentence.ts'
import type { Task } from './task.ts'

/** Stops the sessions of this node that nobody has used for too long, or that are too old. */
export class StopIdle implements Task {
  readonly name = 'stop-idle'
  readonly #node: string
  readonly #locations: Locations
  readonly #watch: IdleWatch
  readonly #signs: BusySigns
  readonly #store: Pick<SessionStore, 'some' | 'update'>
  readonly #canSee: () => Promise<unknown>
  readonly #log: Log

  constructor(parts: {
    node: string
    locations: Locations
    watch: IdleWatch
    signs: BusySigns
    store: Pick<SessionStore, 'some' | 'update'>
    /** Throws while Launcher or database do not answer. */
    canSee: () => Promise<unknown>
    log: Log
  }) {
    this.#node = parts.node
    this.#locations = parts.locations
    this.#watch = parts.watch
    this.#signs = parts.signs
    this.#store = parts.store
    this.#canSee = parts.canSee
    this.#log = parts.log
  }

  /** Often enough to be late by no more than a tenth of the time. */
  get period(): number {
    return Math.min(5000, ...this.#watch.times.map((time) => time / 10))
  }

  /** Desires the stop of each session that is due, unless Launcher or database are away; the reconciler does the rest. */
  async activate(signal: AbortSignal): Promise<void> {
    const own = this.#locations.all().filter(({ node }) => node === this.#node)
    if (!own.some((session) => this.#isDue(session))) return
    try {
      await this.#canSee()
    } catch {
      this.#watch.blind()
      return
    }
    for (const session of own) {
      if (!this.#isDue(session)) continue
      // It may have begun to compute, or another node have written a use of it or its owner's wish to keep it.
      const { stopIdleAfter } = this.#watch.limitsOf(session.user)
      const isBusy = await this.#signs.isBusy(session, stopIdleAfter, signal)
      const [row] = await this.#store.some([session.id])
      if (signal.aborted) return
      this.#watch.saw(session.id, isBusy)
      if (row !== undefined) await this.#stop(row)
    }
  }

  #isDue(session: Session): boolean {
    if (session.state !== 'Active' && session.state !== 'Idle') return false
    if (session.desired !== 'running') return false
    const { stopsAt } = this.#watch.outlook(session)
    return stopsAt !== null && stopsAt <= Date.now()
  }

  async #stop(session: Session): Promise<void> {
    const { stopsFor } = this.#watch.outlook(session)
    if (stopsFor === null || !this.#isDue(session)) return
    const stopReason = stopSentence(stopsFor, this.#watch.limitsOf(session.user))
    const changed = await this.#store.update(session.id, session.version, {
      desired: 'stopped',
      state: 'Stopping',
      reason: stopReason.replace('Stopped', 'Stopping'),
      stopReason,
    })
    if (changed === undefined) return
    this.#locations.apply([changed])
    this.#log.info({ session: session.id, reason: stopReason }, 'session reached a limit')
  }
}
