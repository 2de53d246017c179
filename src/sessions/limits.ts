import type { Config } from '../config.ts'
import type { IdleLimits } from './idle-policy.ts'
import { nameGroups, stopTimes, userLimits, type UserLimits } from './user-limits.ts'

/** For how long the groups of a user are believed, in ms. */
const FRESH_MS = 60_000
const NEVER = { stopIdleAfter: 0, maximumAge: 0 } as const

interface Groups {
  readonly names: readonly string[]
  /** Since when they are these, in ms since 1970. */
  readonly since: number
  /** When they were read, in ms by the clock that nobody sets. */
  readonly at: number
}

/** What each user may have by the configuration in force and the groups of the user, a minute old at most. */
export class Limits {
  readonly #configured: () => Pick<Config, 'limits' | 'sessions'>
  readonly #groupsOf: (user: string) => Promise<readonly string[]>
  readonly #now: () => number
  readonly #elapsed: () => number
  readonly #groups = new Map<string, Groups>()
  readonly #asking = new Map<string, Promise<Groups>>()

  constructor(parts: {
    configured: () => Pick<Config, 'limits' | 'sessions'>
    /** Throws if nobody can tell. */
    groupsOf: (user: string) => Promise<readonly string[]>
    /** In ms since 1970. */
    now?: () => number
    /** In ms, by a clock that nobody sets. */
    elapsed?: () => number
  }) {
    this.#configured = parts.configured
    this.#groupsOf = parts.groupsOf
    this.#now = parts.now ?? (() => Date.now())
    this.#elapsed = parts.elapsed ?? (() => performance.now())
  }

  /** What this user may have. Throws if it depends on groups that cannot be read and never could. */
  async of(user: string): Promise<UserLimits> {
    const { limits } = this.#configured()
    if (!nameGroups(limits)) return userLimits(limits, user, [])
    const known = this.#groups.get(user)
    if (known !== undefined && this.#isFresh(known)) return userLimits(limits, user, known.names)
    const { names } = await this.#ask(user).catch((error: unknown) => {
      if (known === undefined) throw error
      return known
    })
    return userLimits(limits, user, names)
  }

  /**
   * When sessions of this user are idle, and when they are stopped. At once, from what is known of the user's groups; they
   * are never stopped as long as those are not known.
   */
  idleLimitsOf(user: string): IdleLimits {
    const config = this.#configured()
    const { limits } = config
    const idleAfter = config.sessions.idle_after_seconds * 1000
    const groups = nameGroups(limits) ? this.#knownGroups(user) : { names: [], since: 0 }
    if (groups === undefined) return { idleAfter, ...NEVER }
    const { stopIdleAfter, maximumAge } = userLimits(limits, user, groups.names)
    return {
      since: groups.since,
      idleAfter,
      stopIdleAfter: stopIdleAfter ?? config.sessions.stop_idle_after_seconds * 1000,
      maximumAge: maximumAge ?? config.sessions.maximum_age_seconds * 1000,
    }
  }

  /** The times after which something happens to a session of whomever, in ms; how often one has to look depends on them. */
  get times(): readonly number[] {
    const { limits, sessions } = this.#configured()
    const {
      idle_after_seconds: idle,
      stop_idle_after_seconds: stop,
      maximum_age_seconds: age,
    } = sessions
    const common = [idle, stop, age].map((seconds) => seconds * 1000)
    return [...common.filter((time) => time > 0), ...stopTimes(limits)]
  }

  #knownGroups(user: string): Groups | undefined {
    const known = this.#groups.get(user)
    // Whoever asks next has the answer.
    if (known === undefined || !this.#isFresh(known)) this.#ask(user).catch(() => undefined)
    return known
  }

  #isFresh({ at }: Groups): boolean {
    return this.#elapsed() - at < FRESH_MS
  }

  #ask(user: string): Promise<Groups> {
    const asking =
      this.#asking.get(user) ?? this.#read(user).finally(() => void this.#asking.delete(user))
    this.#asking.set(user, asking)
    return asking
  }

  async #read(user: string): Promise<Groups> {
    const names = await this.#groupsOf(user)
    const before = this.#groups.get(user)
    const since = before && isSame(before.names, names) ? before.since : this.#now()
    const groups = { names, since, at: this.#elapsed() }
    this.#groups.set(user, groups)
    return groups
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name))
}
