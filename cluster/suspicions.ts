interface Suspicion {
  readonly incarnation: number
  readonly timer: NodeJS.Timeout
  readonly warnings: NodeJS.Timeout
}

/**
 * Gives each suspect its time to refute, once for each incarnation, however often it is suspected again meanwhile; and tells
 * it again and again, as Lifeguard's buddies do: news of a suspicion may be lost, or run out while we ourselves are cut off.
 */
export class Suspicions {
  readonly #timeout: () => number
  readonly #stalled: () => boolean
  readonly #warn: (host: string) => void
  readonly #warnEvery: number
  readonly #expire: (host: string, incarnation: number) => void
  readonly #suspicions = new Map<string, Suspicion>()

  /** Times are in milliseconds. While `stalled`, no suspicion expires: the refutation may lie unread. */
  constructor({
    timeout,
    stalled,
    warn,
    warnEvery,
    expire,
  }: {
    timeout: () => number
    stalled: () => boolean
    warn: (host: string) => void
    warnEvery: number
    expire: (host: string, incarnation: number) => void
  }) {
    this.#timeout = timeout
    this.#stalled = stalled
    this.#warn = warn
    this.#warnEvery = warnEvery
    this.#expire = expire
  }

  /** The member at this address is suspect. */
  start(host: string, incarnation: number): void {
    const running = this.#suspicions.get(host)
    if (running && running.incarnation >= incarnation) return
    this.end(host)
    const warnings = setInterval(() => this.#warn(host), this.#warnEvery)
    this.#arm(host, { incarnation, warnings })
    this.#warn(host)
  }

  /** The member is no longer suspect. */
  end(host: string): void {
    const running = this.#suspicions.get(host)
    clearTimeout(running?.timer)
    clearInterval(running?.warnings)
    this.#suspicions.delete(host)
  }

  /** Nobody is suspect. */
  endAll(): void {
    for (const host of this.#suspicions.keys()) this.end(host)
  }

  #arm(host: string, suspicion: Omit<Suspicion, 'timer'>): void {
    const timer = setTimeout(() => {
      if (this.#stalled()) {
        this.#arm(host, suspicion)
        return
      }
      this.end(host)
      this.#expire(host, suspicion.incarnation)
    }, this.#timeout())
    this.#suspicions.set(host, { ...suspicion, timer })
  }
}
