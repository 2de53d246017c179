import type { Scope } from '../../auth/scopes.ts'

/** An API token as its owner sees it; times are ISO 8601. */
export interface TokenView {
  readonly id: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly createdAt: string
  /** Null if it never expires. */
  readonly expiresAt: string | null
  /** Null if it was never used. */
  readonly lastUsedAt: string | null
}

/** A token right after its creation, the only time that it is shown. */
export interface CreatedToken extends TokenView {
  readonly token: string
}

/** What a new token is made of. */
export interface NewToken {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly expiresInDays: number | null
}
