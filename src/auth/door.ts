import type { IncomingMessage } from 'node:http'
import { AtelierError } from '../errors.ts'
import type { Session } from '../sessions/session.ts'
import { comesFromUs } from './origin.ts'
import type { SignIns } from './sign-ins.ts'

/** Somebody who was let in to a session. */
export interface Admitted {
  readonly session: Session
  /** Notes that somebody is at work, so that the sign-in goes on. */
  used(): void
  /** Calls `end` once, when the sign-in has ended; answers what stops waiting for it. */
  follow(end: () => void): () => void
  /** The Set-Cookie header of an answer, if the sign-in's cookie is to be made anew. */
  renewal(): Promise<string | undefined>
}

/** The one check in front of every session, for requests and upgrades alike. */
export class SessionDoor {
  readonly #signIns: Pick<SignIns, 'visitor' | 'used' | 'follow' | 'renewal'>
  readonly #isSecure: (request: IncomingMessage) => boolean
  readonly #sessionOf: (id: string) => Session | undefined

  constructor(parts: {
    signIns: Pick<SignIns, 'visitor' | 'used' | 'follow' | 'renewal'>
    /** True for a request of a browser that came by TLS. */
    isSecure: (request: IncomingMessage) => boolean
    sessionOf: (id: string) => Session | undefined
  }) {
    this.#signIns = parts.signIns
    this.#isSecure = parts.isSecure
    this.#sessionOf = parts.sessionOf
  }

  /**
   * The session, if this request is its owner's and comes from our own pages. Throws NOT_SIGNED_IN for nobody, whether
   * there is such a session or not, and SESSION_NOT_FOUND in every other case, so that nobody learns which sessions others have.
   */
  async admit(
    request: IncomingMessage,
    id: string,
    kind: 'request' | 'upgrade',
  ): Promise<Admitted> {
    if (!comesFromUs(request, kind)) throw new AtelierError('SESSION_NOT_FOUND')
    const visitor = await this.#signIns.visitor(request)
    if (visitor === undefined) throw new AtelierError('NOT_SIGNED_IN')
    const session = this.#sessionOf(id)
    if (session?.user !== visitor.user) throw new AtelierError('SESSION_NOT_FOUND')
    const signIns = this.#signIns
    return {
      session,
      used: () => signIns.used(visitor.signIn),
      follow: (end) => signIns.follow(visitor, end),
      renewal: () => signIns.renewal(visitor.signIn, this.#isSecure(request)),
    }
  }
}
