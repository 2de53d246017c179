import { AtelierError } from '../errors.ts'
import { type FoundAccount, type RoleRules, type Standing, standingOf } from './role.ts'

/** For how long what was read is taken as it is. */
const FRESH_MS = 20_000
/** For how long it is taken while it is read again; after that the reading is waited for. */
const STALE_MS = 60_000
/** How long a name that was there must be missing: a name service that is restarted knows nobody for a moment. */
const MISSING_MS = 10_000
/** How long nothing is asked of a name service that did not answer. */
const SILENCE_MS = 10_000
/** How long after a look at a name the next one is, if it did not find what was there before. */
const AGAIN_MS = 3000
/** How long somebody waits for a name service that answers slowly, if there is an earlier answer. */
const PATIENCE_MS = 2000
const REMEMBERED = 10_000

interface Known {
  found: FoundAccount | undefined
  /** When that was true, in ms. */
  readAt: number
  missingSince: number | undefined
  /** When it was asked for last, in ms. */
  triedAt: number
}

/**
 * What each user is on this system now, from a memory that is read again while the user is at work. While the name
 * service does not answer, its last good answer holds.
 */
export class Standings {
  readonly #lookUp: (user: string) => Promise<FoundAccount | undefined>
  readonly #rules: () => RoleRules
  readonly #now: () => number
  readonly #known = new Map<string, Known>()
  readonly #reading = new Map<string, Promise<Known>>()
  #silentUntil = -Infinity

  constructor(parts: {
    /** Asks the name service; throws when it does not answer. */
    readonly lookUp: (user: string) => Promise<FoundAccount | undefined>
    readonly rules: () => RoleRules
    /** The time in ms since 1970. */
    readonly now?: () => number
  }) {
    this.#lookUp = parts.lookUp
    this.#rules = parts.rules
    this.#now = parts.now ?? Date.now
  }

  /**
   * The user's standing as it was within the last minute. Throws NAME_SERVICE_UNAVAILABLE for somebody of whom nothing is
   * known while the name service does not answer.
   */
  async of(user: string): Promise<Standing> {
    return this.#standing(user, STALE_MS)
  }

  /** The same as it was within the last 20 s. */
  async check(user: string): Promise<Standing> {
    return this.#standing(user, FRESH_MS)
  }

  /** Forgets everything: there are other rules now. */
  forget(): void {
    this.#known.clear()
    this.#reading.clear()
  }

  async #standing(user: string, enough: number): Promise<Standing> {
    const rules = this.#rules()
    if (rules.onlyUser !== undefined) {
      return { admitted: true, role: user === rules.onlyUser ? 'administrator' : 'user' }
    }
    return standingOf((await this.#account(user, enough)).found, rules)
  }

  async #account(user: string, enough: number): Promise<Known> {
    const known = this.#known.get(user)
    const now = this.#now()
    if (known !== undefined) {
      const age = now - known.readAt
      const isDue = age >= FRESH_MS && now - known.triedAt >= AGAIN_MS
      if (!isDue || now < this.#silentUntil) return known
      const reading = this.#read(user)
      if (age < enough) return known
      return Promise.race([reading, laterThan(PATIENCE_MS, known)])
    }
    if (now < this.#silentUntil && !this.#reading.has(user)) throw silent()
    return this.#read(user)
  }

  #read(user: string): Promise<Known> {
    const underWay = this.#reading.get(user)
    if (underWay !== undefined) return underWay
    const reading = this.#readNow(user).finally(() => {
      if (this.#reading.get(user) === reading) this.#reading.delete(user)
    })
    this.#reading.set(user, reading)
    // Whoever does not wait for it hears of it the next time.
    reading.catch(() => undefined)
    return reading
  }

  async #readNow(user: string): Promise<Known> {
    let found: FoundAccount | undefined
    const known = this.#known.get(user)
    const now = this.#now()
    if (known !== undefined) known.triedAt = now
    try {
      found = await this.#lookUp(user)
    } catch (error) {
      this.#silentUntil = this.#now() + SILENCE_MS
      if (known === undefined) throw silent(error)
      return known
    }
    if (found === undefined && known?.found !== undefined) {
      known.missingSince ??= now
      if (now - known.missingSince < MISSING_MS) return known
    }
    return this.#remember(user, { found, readAt: now, missingSince: undefined, triedAt: now })
  }

  #remember(user: string, known: Known): Known {
    if (this.#known.size >= REMEMBERED) this.#known.clear()
    this.#known.set(user, known)
    return known
  }
}

function silent(cause?: unknown): AtelierError {
  return new AtelierError('NAME_SERVICE_UNAVAILABLE', undefined, { cause })
}

async function laterThan<T>(ms: number, answer: T): Promise<T> {
  return new Promise((resolve) => setTimeout(resolve, ms, answer).unref())
}
