import type { IncomingMessage } from 'node:http'
import { nanoid } from 'nanoid'
import { AtelierError } from '../errors.ts'
import type { SignInCookie } from './cookie.ts'
import type { Followers } from './followers.ts'
import type { ProxiedUser } from './proxied.ts'
import type { Role } from './role.ts'
import { endOf, isRenewalDue, type Lifetimes, type SignIn } from './sign-in.ts'
import type { SignInUses } from './sign-in-uses.ts'
import type { SignOuts } from './sign-outs.ts'
import type { Standings } from './standings.ts'

/** Somebody who has signed in, and as what. */
export interface Visitor {
  readonly user: string
  readonly role: Role
  readonly signIn: SignIn
}

/** What sign-ins are made from. */
export interface SignInsParts {
  readonly cookie: SignInCookie
  readonly signOuts: SignOuts
  readonly standings: Pick<Standings, 'of' | 'check'>
  readonly followers: Followers
  readonly uses: SignInUses
  readonly lifetimes: () => Lifetimes
  /** Whom a trusted proxy in front names in this request. */
  readonly proxiedUser: (request: IncomingMessage) => ProxiedUser
  /** The time in ms since 1970. */
  readonly now?: () => number
}

/** The sign-ins of browsers: how they begin, whether one still holds, and how they end. */
export class SignIns {
  readonly #parts: SignInsParts
  readonly #now: () => number

  constructor(parts: SignInsParts) {
    this.#parts = parts
    this.#now = parts.now ?? Date.now
  }

  /**
   * The Set-Cookie header that signs a browser in as `user`, an account. Throws ACCOUNT_REFUSED for one that may not use
   * this Atelier.
   */
  async begin(user: string, secure: boolean): Promise<string> {
    const { cookie, signOuts, standings, lifetimes } = this.#parts
    const standing = await standings.check(user)
    if (!standing.admitted) throw new AtelierError('ACCOUNT_REFUSED', standing.why)
    const at = signOuts.beginOf(user)
    const end = at + lifetimes().absolute
    return cookie.seal({ id: nanoid(), user, at, renewedAt: at, end }, secure)
  }

  /**
   * Who has signed in with the cookie of this request; undefined if there is none, or if it does not hold any more: its
   * time is up, it was signed out, its user may not be here any more, or the proxy in front says that it is somebody else's.
   */
  async visitor(request: IncomingMessage): Promise<Visitor | undefined> {
    const signIn = await this.signInOf(request)
    if (signIn === undefined) return undefined
    const { user } = signIn
    const standing = await this.#parts.standings.of(user)
    return standing.admitted ? { user, role: standing.role, signIn } : undefined
  }

  /** The sign-in of the request's cookie, if it holds; whatever has become of its user. */
  async signInOf(request: IncomingMessage): Promise<SignIn | undefined> {
    const { cookie, proxiedUser } = this.#parts
    const signIn = await cookie.open(request.headers)
    if (signIn === undefined || this.#hasEnded(signIn)) return undefined
    const proxied = proxiedUser(request)
    const isSomebodyElse = proxied.kind === 'user' && proxied.user !== signIn.user
    return isSomebodyElse || proxied.kind === 'contradiction' ? undefined : signIn
  }

  /** Notes that somebody is at work with this sign-in now. */
  used({ id }: SignIn): void {
    this.#parts.uses.note(id, this.#now())
  }

  /** The Set-Cookie header that keeps a sign-in which was used; undefined while the present cookie is young enough. */
  async renewal(signIn: SignIn, secure: boolean): Promise<string | undefined> {
    const usedAt = this.#parts.uses.get(signIn.id)
    if (!isRenewalDue(signIn, this.#parts.lifetimes(), usedAt) || usedAt === undefined) return
    return this.#parts.cookie.seal({ ...signIn, renewedAt: usedAt }, secure)
  }

  /** Calls `end` once, when the sign-in has ended or its user may not be here any more; answers what stops waiting. */
  follow({ user, role, signIn }: Visitor, end: () => void): () => void {
    return this.#parts.followers.add({ user, role, signIn }, end)
  }

  /** The Set-Cookie headers that take the cookie from the browser. */
  clear(secure: boolean): readonly string[] {
    return this.#parts.cookie.clear(secure)
  }

  /** Ends this sign-in, on every node. Throws DATABASE_UNAVAILABLE if the others do not know of it yet. */
  async signOut(signIn: SignIn): Promise<void> {
    await this.#parts.signOuts.signOut(signIn)
  }

  /** Ends all sign-ins of the user, in the same way. */
  async signOutEverywhere(user: string): Promise<void> {
    const { signOuts, lifetimes } = this.#parts
    await signOuts.signOutEverywhere(user, nanoid(), lifetimes().absolute)
  }

  /**
   * Ends everything that goes on with a sign-in whose time is up, and what goes on for users who have another role by now
   * or may not be here any more.
   */
  async endOver(signal: AbortSignal): Promise<void> {
    const { followers, standings, uses, lifetimes } = this.#parts
    for (const user of followers.users()) {
      signal.throwIfAborted()
      // Of somebody of whom nothing is known nothing has changed.
      const standing = await standings.check(user).catch(() => undefined)
      followers.end(user, ({ role, signIn }) => {
        if (standing !== undefined && (!standing.admitted || standing.role !== role)) return true
        return signIn !== undefined && this.#hasEnded(signIn)
      })
    }
    uses.forget(this.#now() - lifetimes().idle)
  }

  #hasEnded(signIn: SignIn): boolean {
    const { signOuts, uses, lifetimes } = this.#parts
    if (signOuts.has(signIn)) return true
    return endOf(signIn, lifetimes(), uses.get(signIn.id)) <= this.#now()
  }
}
