/** Remembers what came within a time, so that it is taken once only. */
export class ReplayWindow {
  readonly #ms: number
  #current = new Set<string>()
  #previous = new Set<string>()
  #turnedAt = -Infinity

  /** Remembers each for at least `ms` milliseconds. */
  constructor({ ms }: { ms: number }) {
    this.#ms = ms
  }

  /** True the first time that this comes; `now` is a monotonic time in milliseconds. */
  isNew(id: string, now: number): boolean {
    if (now - this.#turnedAt >= this.#ms) {
      this.#previous = now - this.#turnedAt >= 2 * this.#ms ? new Set() : this.#current
      this.#current = new Set()
      this.#turnedAt = now
    }
    if (this.#current.has(id) || this.#previous.has(id)) return false
    this.#current.add(id)
    return true
  }
}
