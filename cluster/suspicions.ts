interface Suspicion {
  readonly incarnation: number
  readonly timer: NodeJS.Timeout
}

/** Gives each suspect its time to refute, once for each incarnation, however often it is suspected again meanwhile. */
export class Suspicions {
  readonly #timeout: () => number
  readonly #stalled: () => boolean
  readonly #expire: (host: string, incarnation: number) => void
  readonly #suspicions = new Map<string, Suspicion>()

  /** `timeout` gives milliseconds. While `stalled`, no suspicion expires: the refutation may lie unread. */
  constructor({
    timeout,
    stalled,
    expire,
  }: {
    timeout: () => number
    stalled: () => boolean
    expire: (host: string, incarnation: number) => void
  }) {
    this.#timeout = timeout
    this.#stalled = stalled
    this.#expire = expire
  }

  /** The member at this address is suspect. */
  start(host: string, incarnation: number): void {
    const running = this.#suspicions.get(host)
    if (running && running.incarnation >= incarnation) return
    this.end(host)
    this.#arm(host, incarnation)
  }

  /** The member is no longer suspect. */
  end(host: string): void {
    clearTimeout(this.#suspicions.get(host)?.timer)
    this.#suspicions.delete(host)
  }

  /** Nobody is suspect. */
  endAll(): void {
    for (const host of this.#suspicions.keys()) this.end(host)
  }

  #arm(host: string, incarnation: number): void {
    const timer = setTimeout(() => {
      if (this.#stalled()) {
        this.#arm(host, incarnation)
        return
      }
      this.#suspicions.delete(host)
      this.#expire(host, incarnation)
    }, this.#timeout())
    this.#suspicions.set(host, { incarnation, timer })
  }
}
