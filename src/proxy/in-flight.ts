import type { ServerResponse } from 'node:http'

/**
 * How many requests are being answered, so that a stopping node can let them finish. A number and not a set of them: a
 * set of them keeps each from being collected early, which costs the data plane noticeably.
 */
export class InFlight {
  #count = 0
  #onNone: (() => void) | undefined

  /** Counts the request in until its response is closed. */
  add(response: ServerResponse): void {
    this.#count += 1
    response.once('close', this.#leave)
  }

  /** Resolves when none is left, or after `graceMs`. */
  async finish(graceMs: number): Promise<void> {
    if (this.#count === 0) return
    await new Promise<void>((resolve) => {
      const limit = setTimeout(resolve, graceMs)
      this.#onNone = () => {
        clearTimeout(limit)
        resolve()
      }
    })
  }

  readonly #leave = (): void => {
    this.#count -= 1
    if (this.#count === 0) this.#onNone?.()
  }
}
