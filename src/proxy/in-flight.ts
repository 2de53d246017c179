import type { ServerResponse } from 'node:http'

/** The requests that are being answered, so that a stopping node can let them finish. */
export class InFlight {
  readonly #responses = new Set<ServerResponse>()
  #onNone: (() => void) | undefined

  /** Counts the request in until its response is closed. */
  add(response: ServerResponse): void {
    this.#responses.add(response)
    response.once('close', () => {
      this.#responses.delete(response)
      if (this.#responses.size === 0) this.#onNone?.()
    })
  }

  /** Resolves when none is left, or after `graceMs`; then those that are left are cut off. */
  async finish(graceMs: number): Promise<void> {
    if (this.#responses.size > 0) {
      await new Promise<void>((resolve) => {
        const limit = setTimeout(resolve, graceMs)
        this.#onNone = () => {
          clearTimeout(limit)
          resolve()
        }
      })
    }
    for (const response of this.#responses) response.destroy()
  }
}
