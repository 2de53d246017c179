/** The longest that a timer of Node can wait, in ms. */
const LONGEST_TIMER = 2 ** 31 - 1

/** What goes on for as long as a token is valid, such as streams of events. */
export class TokenFollowers {
  readonly #ends = new Map<string, Set<() => void>>()

  /** Calls `end` once, when the token is ended or in `left` ms; answers what stops waiting for it. */
  add(id: string, left: number, end: () => void): () => void {
    const ends = this.#ends.get(id) ?? new Set()
    this.#ends.set(id, ends)
    const stop = () => {
      clearTimeout(timer)
      ends.delete(once)
      if (ends.size === 0 && this.#ends.get(id) === ends) this.#ends.delete(id)
    }
    const once = () => {
      stop()
      end()
    }
    const timer = left > LONGEST_TIMER ? undefined : setTimeout(once, left)
    timer?.unref()
    ends.add(once)
    return stop
  }

  /** Ends everything that goes on with this token. */
  end(id: string): void {
    for (const end of this.#ends.get(id) ?? []) end()
  }

  /** Ends everything that goes on with any token. */
  endAll(): void {
    for (const id of this.#ends.keys()) this.end(id)
  }
}
