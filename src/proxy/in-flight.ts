import type { ServerResponse } from 'node:http'

/**
 * How many requests are being answered, so that a stopping node can let them finish. A number and not a set of them: a
 * set of them keeps each from being collected early, which costs the data plane noticeably.
 */
export class InFlight {
  #count = 0
  #onChange: (() => void) | undefined

  /** Counts the request in until its response is closed. */
  add(response: ServerResponse): void {
    this.#count += 1
    this.#onChange?.()
    response.once('close', this.#leave)
  }

  /** Resolves when there has been none for `lullMs`, or after `graceMs`. */
  async finish(graceMs: number, lullMs: number): Promise<void> {
    let lull: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      const limit = setTimeout(resolve, graceMs)
      this.#onChange = () => {
        clearTimeout(lull)
        if (this.#count > 0) return
        lull = setTimeout(() => {
          clearTimeout(limit)
          resolve()
        }, lullMs)
      }
      this.#onChange()
    })
    clearTimeout(lull)
    this.#onChange = undefined
  }

  readonly #leave = (): void => {
    this.#count -= 1
    this.#onChange?.()
  }
}
