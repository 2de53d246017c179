import { setTimeout as delay } from 'node:timers/promises'
import type { SignIn } from './sign-in.ts'
import type { SignOut, SignOutHints, SignOutStore } from './sign-out.ts'

const RETRY_MS = 1000
/** What the slow reading looks back: far longer than a hint is late, or than a statement takes that was sent before. */
const RECENT_SECONDS = 600
/** How far the clocks of nodes may be off each other. */
const CLOCKS_MS = 60_000

/**
 * The sign-outs of all nodes in memory, so that a cookie is checked without the database: read as a whole when listening
 * begins, one by one as hints come, and now and then for a hint that was lost. What is done while the database is away
 * holds here at once, and is written as soon as it answers.
 */
export class SignOuts implements SignOutHints {
  readonly #store: SignOutStore
  readonly #now: () => number
  readonly #onSignedOut: (signOut: SignOut) => void
  readonly #stopping = new AbortController()
  /** Of single sign-ins, by id. */
  readonly #single = new Map<string, SignOut>()
  /** Of all sign-ins of a user, the latest of each. */
  readonly #everywhere = new Map<string, SignOut & { readonly before: number }>()
  readonly #unwritten = new Map<string, SignOut>()
  readonly #unread = new Set<string>()
  #wanted: 'all' | 'recent' | undefined
  #working: Promise<void> | undefined

  constructor(parts: {
    readonly store: SignOutStore
    /** Called once for each that is news here. */
    readonly onSignedOut: (signOut: SignOut) => void
    /** The time in ms since 1970. */
    readonly now?: () => number
  }) {
    this.#store = parts.store
    this.#onSignedOut = parts.onSignedOut
    this.#now = parts.now ?? Date.now
  }

  /** True if this sign-in was ended by its user, as far as this node has heard. */
  has({ id, user, at }: Pick<SignIn, 'id' | 'user' | 'at'>): boolean {
    if (this.#single.has(id)) return true
    const all = this.#everywhere.get(user)
    return all !== undefined && at < all.before
  }

  /** A time at which a sign-in of the user may begin: now, or behind the last sign-out everywhere that is known. */
  beginOf(user: string): number {
    return Math.max(this.#now(), this.#everywhere.get(user)?.before ?? 0)
  }

  /** Ends one sign-in. Throws DATABASE_UNAVAILABLE if only this node knows of it yet. */
  async signOut({ id, user, end }: SignIn): Promise<void> {
    await this.#add({ id, user, before: null, expiresAt: end })
  }

  /**
   * Ends all sign-ins of a user that have begun by now; `lifetime` in ms is how long any of them could last. Throws
   * DATABASE_UNAVAILABLE if only this node knows of it yet.
   */
  async signOutEverywhere(user: string, id: string, lifetime: number): Promise<void> {
    // Another node's clock may be ahead.
    const before = this.beginOf(user) + CLOCKS_MS
    await this.#add({ id, user, before, expiresAt: before + lifetime })
  }

  changed(id: string): void {
    this.#unread.add(id)
    this.#work()
  }

  resync(): void {
    this.#wanted = 'all'
    this.#work()
  }

  /** Reads those of the last minutes soon: the last resort for a hint that was lost on a connection that seemed well. */
  refresh(): void {
    this.#wanted ??= 'recent'
    this.#work()
  }

  /** Reads them all now. Throws DATABASE_UNAVAILABLE. */
  async readAll(): Promise<void> {
    for (const signOut of await this.#store.list()) this.#apply(signOut)
  }

  /** Reads and writes no more; resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#working
  }

  async #add(signOut: SignOut): Promise<void> {
    this.#apply(signOut)
    this.#unwritten.set(signOut.id, signOut)
    try {
      await this.#write(signOut)
    } catch (error) {
      this.#work()
      throw error
    }
  }

  async #write(signOut: SignOut): Promise<void> {
    await this.#store.insert(signOut)
    this.#unwritten.delete(signOut.id)
  }

  #work(): void {
    this.#working ??= this.#workUntilQuiet()
  }

  async #workUntilQuiet(): Promise<void> {
    const { signal } = this.#stopping
    while (this.#hasWork() && !signal.aborted) {
      try {
        await this.#catchUp()
      } catch {
        // That the database is away is told by others; here only the news have to wait.
        await delay(RETRY_MS, undefined, { signal }).catch(() => undefined)
      }
    }
    // Here, and not a moment later, when something may have been wanted that nobody would do.
    this.#working = undefined
  }

  #hasWork(): boolean {
    return this.#unwritten.size > 0 || this.#unread.size > 0 || this.#wanted !== undefined
  }

  async #catchUp(): Promise<void> {
    for (const signOut of this.#unwritten.values()) await this.#write(signOut)
    for (const id of this.#unread) {
      const found = await this.#store.find(id)
      this.#unread.delete(id)
      if (found !== undefined) this.#apply(found)
    }
    const wanted = this.#wanted
    if (wanted === undefined) return
    this.#wanted = undefined
    try {
      const found = await this.#store.list(wanted === 'all' ? undefined : RECENT_SECONDS)
      for (const signOut of found) this.#apply(signOut)
    } catch (error) {
      this.#wanted = wanted
      throw error
    }
    this.#forgetOld()
  }

  #apply(signOut: SignOut): void {
    const { id, user, before } = signOut
    if (before === null) {
      if (this.#single.has(id)) return
      this.#single.set(id, signOut)
    } else {
      if ((this.#everywhere.get(user)?.before ?? 0) >= before) return
      this.#everywhere.set(user, { ...signOut, before })
    }
    this.#onSignedOut(signOut)
  }

  #forgetOld(): void {
    const limit = this.#now() - CLOCKS_MS
    for (const known of [this.#single, this.#everywhere]) {
      for (const [key, { expiresAt }] of known) if (expiresAt < limit) known.delete(key)
    }
  }
}
