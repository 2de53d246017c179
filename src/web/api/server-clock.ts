/** The server's time, as far as its `Date` headers tell; differences under two seconds are ignored. */
export class ServerClock {
  readonly #localNow: () => number
  #offsetMs = 0

  constructor({ localNow }: { localNow: () => number }) {
    this.#localNow = localNow
  }

  /** Learns from the `Date` header of an answer that has just arrived. */
  observe(dateHeader: string | null): void {
    const told = dateHeader === null ? Number.NaN : Date.parse(dateHeader)
    if (Number.isNaN(told)) return
    // The header counts whole seconds: half a second is its mean error.
    const offset = told + 500 - this.#localNow()
    this.#offsetMs = Math.abs(offset) < 2000 ? 0 : offset
  }

  /** Milliseconds since 1970 by the server's clock. */
  now(): number {
    return this.#localNow() + this.#offsetMs
  }
}
