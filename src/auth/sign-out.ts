/** A sign-out: of one sign-in, or of all sign-ins of a user that began before a time. */
export interface SignOut {
  /** The id of the sign-in; a name of its own for a sign-out everywhere. */
  readonly id: string
  readonly user: string
  /** In ms since 1970; null for one sign-in. */
  readonly before: number | null
  /** When the cookies that it is about have ended anyway, in ms since 1970: from then on nobody needs to know of it. */
  readonly expiresAt: number
}

/** What is told of sign-outs; they may be heard late, doubled or not at all, so `resync` means: read them all. */
export interface SignOutHints {
  changed(id: string): void
  resync(): void
}

/** The truth about sign-outs. Every method throws DATABASE_UNAVAILABLE when the database does not answer. */
export interface SignOutStore {
  /** Writes it, once, and tells the other nodes; those that nobody needs to know any more are removed. */
  insert(signOut: SignOut): Promise<void>
  /** The one with this id, if there is one. */
  find(id: string): Promise<SignOut | undefined>
  /** All that were written in the last `seconds` and that somebody may need to know; without it all of these. */
  list(seconds?: number): Promise<readonly SignOut[]>
}
