import { createHmac, timingSafeEqual } from 'node:crypto'
import { isFinal, type Session } from '../sessions/session.ts'
import type { ClusterKey } from './cluster-key.ts'
import { readSessionBearer } from './bearer.ts'
import type { Scope } from './scopes.ts'
import { TokenFollowers } from './token-followers.ts'

/** What programs in a session may do: look at what is their user's, and run jobs. */
export const SESSION_SCOPES: readonly Scope[] = ['read', 'jobs']

/**
 * The token that each session has in its environment. It is derived from the cluster key and stored nowhere; it names the
 * session, and is good for its user on every node for as long as the session lives in the same epoch.
 */
export class SessionTokens {
  readonly #key: Buffer
  readonly #sessionOf: (id: string) => Session | undefined
  readonly #followers = new TokenFollowers()

  constructor(parts: {
    readonly clusterKey: ClusterKey
    /** From memory: it is asked with each request. */
    readonly sessionOf: (id: string) => Session | undefined
  }) {
    this.#key = parts.clusterKey.derive('session tokens')
    this.#sessionOf = parts.sessionOf
  }

  /** The token of a session in its present epoch. */
  tokenOf(session: Pick<Session, 'id' | 'epoch' | 'user'>): string {
    const { id, epoch } = session
    return `atl_session.${id}.${epoch}.${this.#signature(session).toString('base64url')}`
  }

  /** The session that the token in an Authorization header is of; undefined for any other header, and once it is over. */
  verify(authorization: string): Session | undefined {
    const told = readSessionBearer(authorization)
    const session = told && this.#sessionOf(told.id)
    if (told === undefined || session === undefined) return undefined
    const { id, epoch, signature } = told
    // Over what it claims, so that how long this takes tells nothing of the session.
    const right = timingSafeEqual(this.#signature({ id, epoch, user: session.user }), signature)
    return right && epoch === session.epoch && !isFinal(session.state) ? session : undefined
  }

  /** Calls `end` once when the session's token is over; answers what stops waiting for it. */
  follow({ id }: Pick<Session, 'id'>, end: () => void): () => void {
    return this.#followers.add(id, Infinity, end)
  }

  /** Ends what goes on with the token of a session that has ended or begun another epoch. */
  ended(id: string): void {
    this.#followers.end(id)
  }

  #signature({ id, epoch, user }: Pick<Session, 'id' | 'epoch' | 'user'>): Buffer {
    return createHmac('sha256', this.#key).update(`${id}.${epoch}.${user}`).digest()
  }
}
