import { AtelierError } from '../errors.ts'

/** Attempts on an account that nobody need wait for, until one succeeds. */
const FREE = 5
/** Milliseconds after the first attempt that is not free; they double with each. */
const FIRST_DELAY = 1000
const LONGEST_DELAY = 30_000
/** Milliseconds after which attempts that failed are forgotten. */
const MEMORY = 15 * 60_000
/** Accounts that are remembered at most: anybody may name any number of them. */
const ACCOUNTS = 10_000

interface Failures {
  readonly count: number
  readonly at: number
}

/** Makes whoever guesses an account's password slow: attempts must wait, the longer the more have failed. */
export class SignInThrottle {
  readonly #now: () => number
  /** The least recent first. */
  readonly #failures = new Map<string, Failures>()

  /** `now` is a clock in ms. */
  constructor({ now }: { now: () => number }) {
    this.#now = now
  }

  /** Counts an attempt before it is made, so that many at once are no way around. Throws TOO_MANY_REQUESTS. */
  begin(user: string): void {
    const now = this.#now()
    const key = keyOf(user)
    const known = this.#failures.get(key)
    const { count, at } =
      known === undefined || now - known.at > MEMORY ? { count: 0, at: -Infinity } : known
    const wait = at + delayAfter(count) - now
    if (wait > 0) {
      const seconds = Math.ceil(wait / 1000)
      throw new AtelierError(
        'TOO_MANY_REQUESTS',
        `Signing in has failed too often. Try again in ${seconds} s.`,
      )
    }
    this.#remember(key, { count: count + 1, at: now })
  }

  /** Takes back what was counted for an account: it has signed in, or it was not its fault. */
  forgive(user: string): void {
    this.#failures.delete(keyOf(user))
  }

  #remember(key: string, failures: Failures): void {
    this.#failures.delete(key)
    this.#failures.set(key, failures)
    if (this.#failures.size <= ACCOUNTS) return
    const [oldest] = this.#failures.keys()
    if (oldest !== undefined) this.#failures.delete(oldest)
  }
}

/** How long to wait, in ms, after so many attempts that failed. */
function delayAfter(count: number): number {
  return count < FREE ? 0 : Math.min(FIRST_DELAY * 2 ** (count - FREE), LONGEST_DELAY)
}

/** Directories of accounts often ignore case. */
function keyOf(user: string): string {
  return user.toLowerCase()
}
