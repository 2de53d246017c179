import type { ApiToken } from './api-token.ts'

const REMEMBERED = 10_000

/** A token that was read from the database. */
export interface KnownToken {
  readonly token: ApiToken
  /** When it was read, in ms. */
  readonly readAt: number
  /** Until when it is taken without reading it again, in ms. */
  freshUntil: number
  /** When its use was last written, in ms. */
  touchedAt: number
}

/** The tokens that were used lately, by their hashes; the tokens themselves are not kept. */
export class KnownTokens {
  readonly #known = new Map<string, KnownToken>()

  get(key: string): KnownToken | undefined {
    return this.#known.get(key)
  }

  set(key: string, known: KnownToken): void {
    if (this.#known.size >= REMEMBERED) this.#known.clear()
    this.#known.set(key, known)
  }

  delete(key: string): void {
    this.#known.delete(key)
  }

  /** Forgets the token with this id. */
  forget(id: string): void {
    for (const [key, { token }] of this.#known) if (token.id === id) this.#known.delete(key)
  }

  /** Makes all of them be read again before they are taken, if the database answers. */
  expire(): void {
    for (const known of this.#known.values()) known.freshUntil = -Infinity
  }
}
