const REMEMBERED = 50_000

/** When somebody was at work with each sign-in, as this node saw it, in ms since 1970. */
export class SignInUses {
  readonly #usedAt = new Map<string, number>()

  /** The last use of the sign-in. */
  get(id: string): number | undefined {
    return this.#usedAt.get(id)
  }

  /** Notes a use. */
  note(id: string, at: number): void {
    // What is forgotten is found in the cookies, which are renewed for it.
    if (this.#usedAt.size >= REMEMBERED) this.#usedAt.clear()
    this.#usedAt.set(id, at)
  }

  /** Forgets those that were used last before then. */
  forget(before: number): void {
    for (const [id, at] of this.#usedAt) if (at < before) this.#usedAt.delete(id)
  }
}
