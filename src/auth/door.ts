import type { IncomingMessage } from 'node:http'
import { AtelierError } from '../errors.ts'
import type { Session } from '../sessions/session.ts'
import type { SignInCookie } from './cookie.ts'
import { comesFromUs } from './origin.ts'

/** The one check in front of every session, for requests and upgrades alike. */
export class SessionDoor {
  readonly #cookie: SignInCookie
  readonly #sessionOf: (id: string) => Session | undefined

  constructor(parts: { cookie: SignInCookie; sessionOf: (id: string) => Session | undefined }) {
    this.#cookie = parts.cookie
    this.#sessionOf = parts.sessionOf
  }

  /**
   * The session, if this request is its owner's and comes from our own pages. Throws SESSION_NOT_FOUND in every other
   * case, so that nobody learns which sessions others have.
   */
  async admit(request: IncomingMessage, id: string, kind: 'request' | 'upgrade'): Promise<Session> {
    const session = this.#sessionOf(id)
    if (session === undefined || !comesFromUs(request, kind)) {
      throw new AtelierError('SESSION_NOT_FOUND')
    }
    if ((await this.#cookie.open(request.headers)) !== session.user) {
      throw new AtelierError('SESSION_NOT_FOUND')
    }
    return session
  }
}
