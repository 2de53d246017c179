import { isDeepStrictEqual } from 'node:util'
import type { IdeStatus } from './ide.ts'

const EVERY_MS = 1000

/** Tells how the IDEs change, however many listen: they are looked at once a second, and only while somebody listens. */
export class IdeWatch {
  readonly #ides: { list(): Promise<readonly IdeStatus[]> }
  readonly #listeners = new Set<(items: readonly IdeStatus[]) => void>()
  #known: readonly IdeStatus[] | undefined
  #isLooking = false

  constructor({ ides }: { ides: { list(): Promise<readonly IdeStatus[]> } }) {
    this.#ides = ides
  }

  /** Calls `listener` after each change until the answered function is called. */
  listen(listener: (items: readonly IdeStatus[]) => void): () => void {
    this.#listeners.add(listener)
    if (!this.#isLooking) this.#lookSoon()
    return () => this.#listeners.delete(listener)
  }

  async #look(): Promise<void> {
    const items = await this.#ides.list().catch(() => this.#known ?? [])
    if (this.#known !== undefined && !isDeepStrictEqual(items, this.#known)) {
      for (const listener of this.#listeners) listener(items)
    }
    this.#isLooking = this.#listeners.size > 0
    this.#known = this.#isLooking ? items : undefined
    if (this.#isLooking) this.#lookSoon()
  }

  #lookSoon(): void {
    this.#isLooking = true
    setTimeout(() => void this.#look(), EVERY_MS).unref()
  }
}
