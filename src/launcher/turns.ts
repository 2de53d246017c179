/** Lets only so many do something at once; others wait for their turn, first come, first served. */
export class Turns {
  readonly #atOnce: number
  readonly #waiting = new Set<() => void>()
  #busy = 0

  constructor({ atOnce }: { atOnce: number }) {
    this.#atOnce = atOnce
  }

  /** Does it when it is its turn. If `signal` aborts before, it is not done and the signal's reason thrown. */
  async take<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#turn(signal)
    try {
      return await work()
    } finally {
      this.#pass()
    }
  }

  async #turn(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    if (this.#busy < this.#atOnce) {
      this.#busy++
      return
    }
    await new Promise<void>((resolve, reject) => {
      const begin = () => {
        signal?.removeEventListener('abort', giveUp)
        resolve()
      }
      const giveUp = () => {
        this.#waiting.delete(begin)
        reject(signal?.reason)
      }
      this.#waiting.add(begin)
      signal?.addEventListener('abort', giveUp, { once: true })
    })
  }

  /** The turn goes to the next; if nobody waits, it is free. */
  #pass(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#busy--
      return
    }
    this.#waiting.delete(next)
    next()
  }
}
