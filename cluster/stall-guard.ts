/**
 * Tells whether our own event loop stands still or has just done so: then acknowledgements lie unread, and whom we miss is not
 * missing. A simple form of Lifeguard's local health (Dadgar, Phillips, Currey 2018).
 */
export class StallGuard {
  readonly #monotonic: () => number
  readonly #tolerance: number
  readonly #recovery: number
  #tickedAt: number
  #stalledUntil = -Infinity

  /** A delay of more than `tolerance` ms between two ticks is a stall, and `recovery` ms later it is over. */
  constructor({
    monotonic,
    tolerance,
    recovery,
  }: {
    monotonic: () => number
    tolerance: number
    recovery: number
  }) {
    this.#monotonic = monotonic
    this.#tolerance = tolerance
    this.#recovery = recovery
    this.#tickedAt = monotonic()
  }

  /** To be called by a timer, much more often than the tolerance. */
  tick(): void {
    const now = this.#monotonic()
    if (now - this.#tickedAt > this.#tolerance) this.#stalledUntil = now + this.#recovery
    this.#tickedAt = now
  }

  /** True while nothing is to be concluded from silence. */
  stalled(): boolean {
    // After a stall several timers are due at once, and the tick need not be the first of them.
    this.tick()
    return this.#monotonic() < this.#stalledUntil
  }
}
