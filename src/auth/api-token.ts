import type { Scope } from './scopes.ts'

/** An API token as it is known after it was made: all but the token itself. */
export interface ApiToken {
  readonly id: string
  readonly user: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly createdAt: Date
  /** Null for one that never expires. */
  readonly expiresAt: Date | null
  /** To the minute; null before its first use. */
  readonly lastUsedAt: Date | null
}

/** What is stored of a token when it is made; the database adds the times. */
export interface NewApiToken {
  readonly id: string
  readonly user: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly hash: Buffer
  readonly expiresInDays: number | null
}

/** What is told of revocations; they may be heard late, doubled or not at all, so `resync` means: trust nothing known. */
export interface TokenHints {
  changed(id: string): void
  resync(): void
}

/** The truth about API tokens. Every method throws DATABASE_UNAVAILABLE when the database does not answer. */
export interface ApiTokenStore {
  /** Stores a token; those that expired more than 30 days ago are removed. */
  insert(token: NewApiToken): Promise<ApiToken>
  /** The user's tokens, oldest first, with those that have expired lately. */
  list(user: string): Promise<readonly ApiToken[]>
  /** The token with this hash, unless it has expired. */
  find(hash: Buffer): Promise<ApiToken | undefined>
  /** Removes the user's token, and tells the other nodes; false if there is none with this id. */
  remove(user: string, id: string): Promise<boolean>
  /** Writes that the token was used just now, unless that was written within the last minute. */
  touch(id: string): Promise<void>
}
