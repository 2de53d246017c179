import type { Activity } from './activity.ts'
import { outlook, type IdleLimits, type Outlook } from './idle-policy.ts'
import type { Limits } from './limits.ts'
import type { Session } from './session.ts'

/**
 * For how long a sign that does not tell counts as busy. A kernel that computes may keep its server from answering, but a
 * server that hangs for ever must not keep its session for ever.
 */
const PATIENCE_MS = 60 * 60_000

/** By how much two clocks may differ, or looking may be late, until that is a gap: the machine slept, or stood still. */
const GAP_MS = 60_000

interface Seen {
  readonly mayBeBusy: boolean
  /** Since when nobody can tell, by the clock that nobody sets. */
  readonly unknownSince: number | undefined
  /** Since when it is known that it does not compute after nobody could tell, in ms since 1970. */
  readonly since: number
}

interface Look {
  readonly now: number
  readonly elapsed: number
  /** The time until the next look. */
  readonly expected: number
}

/** What this node has seen of its sessions, and what is therefore ahead of each. */
export class IdleWatch {
  readonly #activity: Activity
  readonly #limits: Pick<Limits, 'idleLimitsOf' | 'times'>
  readonly #isLive: (id: string) => boolean
  readonly #now: () => number
  readonly #elapsed: () => number
  readonly #seen = new Map<string, Seen>()
  #watchedSince: number
  #lastLook: Look
  #isBlind = false

  /** `now` is in ms since 1970, `elapsed` in ms by a clock that nobody sets. */
  constructor(parts: {
    activity: Activity
    limits: Pick<Limits, 'idleLimitsOf' | 'times'>
    /** False of a session that has ended or is gone. */
    isLive: (id: string) => boolean
    now?: () => number
    elapsed?: () => number
  }) {
    this.#activity = parts.activity
    this.#limits = parts.limits
    this.#isLive = parts.isLive
    this.#now = parts.now ?? (() => Date.now())
    this.#elapsed = parts.elapsed ?? (() => performance.now())
    this.#watchedSince = this.#now()
    this.#lastLook = { now: this.#watchedSince, elapsed: this.#elapsed(), expected: 0 }
  }

  /** The limits that hold now for sessions of this user. */
  limitsOf(user: string): IdleLimits {
    return this.#limits.idleLimitsOf(user)
  }

  /** The times after which something happens to a session of whomever, in ms. */
  get times(): readonly number[] {
    return this.#limits.times
  }

  /** To be called before each look at the sessions; `expected` is the time between two, in ms. */
  look(expected: number): void {
    if (this.#isBlind || this.#hasGap()) this.restart()
    this.#lastLook = { now: this.#now(), elapsed: this.#elapsed(), expected }
    this.#isBlind = false
  }

  /** Nothing can be seen, or done, until the next look. */
  blind(): void {
    this.#isBlind = true
  }

  /** What was seen until now does not count as time without use that its owner could have ended. */
  restart(): void {
    this.#watchedSince = this.#now()
  }

  /** Takes over whether the session computes; undefined if nobody can tell. One that has ended meanwhile stays forgotten. */
  saw(id: string, isBusy: boolean | undefined): void {
    if (!this.#isLive(id)) return
    const before = this.#seen.get(id)
    const elapsed = this.#elapsed()
    const unknownSince = isBusy === undefined ? (before?.unknownSince ?? elapsed) : undefined
    const mayBeBusy = isBusy ?? (unknownSince !== undefined && elapsed - unknownSince < PATIENCE_MS)
    // What it did meanwhile nobody knows.
    const clear = before?.unknownSince !== undefined && before.mayBeBusy && !mayBeBusy
    const since = clear ? this.#now() : (before?.since ?? 0)
    this.#seen.set(id, { mayBeBusy, unknownSince, since })
    if (isBusy === true) this.#activity.computed(id)
  }

  /**
   * What is ahead of a session as far as this node can tell; nothing of one that it has never looked at. It notices a gap
   * by itself, as whoever asks may be earlier than the next look.
   */
  outlook(session: Session): Outlook {
    const now = this.#now()
    const seen = this.#seen.get(session.id)
    return outlook(
      {
        createdAt: session.createdAt.getTime(),
        lastUsedAt: this.#activity.lastUsed(session).getTime(),
        lastBusyAt: this.#activity.lastBusy(session)?.getTime() ?? null,
        mayBeBusy: seen?.mayBeBusy ?? true,
        keepUntil: session.keepUntil?.getTime() ?? null,
        watchedSince:
          this.#isBlind || this.#hasGap() ? now : Math.max(this.#watchedSince, seen?.since ?? 0),
      },
      now,
      this.limitsOf(session.user),
    )
  }

  /** Forgets a session that is gone. */
  forget(id: string): void {
    this.#seen.delete(id)
  }

  // Since the last look the clock was set, or the machine slept, or nobody looked.
  #hasGap(): boolean {
    const last = this.#lastLook
    const elapsed = this.#elapsed() - last.elapsed
    const isSet = Math.abs(this.#now() - last.now - elapsed) > GAP_MS
    return isSet || elapsed > last.expected + GAP_MS
  }
}
