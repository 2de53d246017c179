import type { IncomingHttpHeaders } from 'node:http'
import { parse, serialize } from 'cookie'
import { jwtVerify, SignJWT } from 'jose'
import type { ClusterKey } from './cluster-key.ts'

const LIFETIME_SECONDS = 30 * 24 * 3600
const REMEMBERED = 10_000

/** The signed cookie of a browser that has signed in: a JWT (RFC 7519) that any node with the cluster key can check. */
export class SignInCookie {
  /** Its name carries the cluster's fingerprint, as cookies are shared by all ports of a host. */
  readonly name: string
  readonly #key: Uint8Array
  readonly #verified = new Map<string, { user: string; expires: number }>()

  constructor({ clusterKey }: { clusterKey: ClusterKey }) {
    this.name = `atelier-${clusterKey.fingerprint}`
    this.#key = clusterKey.derive('sign-in cookie')
  }

  /** The Set-Cookie header that signs `user` in for 30 days. */
  async seal(user: string, secure: boolean): Promise<string> {
    const token = await new SignJWT()
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(user)
      .setIssuedAt()
      .setExpirationTime(`${LIFETIME_SECONDS} s`)
      .sign(this.#key)
    return serialize(this.name, token, this.#attributes(secure, LIFETIME_SECONDS))
  }

  /** The Set-Cookie header that signs out. */
  clear(secure: boolean): string {
    return serialize(this.name, '', this.#attributes(secure, 0))
  }

  /** The user whose valid cookie these headers carry. */
  async open(headers: IncomingHttpHeaders): Promise<string | undefined> {
    const token = headers.cookie && parse(headers.cookie)[this.name]
    if (!token) return undefined
    const known = this.#verified.get(token)
    if (known) {
      if (known.expires > Date.now()) return known.user
      this.#verified.delete(token)
      return undefined
    }
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: ['HS256'],
        requiredClaims: ['sub', 'exp'],
      })
      if (payload.sub === undefined || payload.exp === undefined) return undefined
      this.#remember(token, payload.sub, payload.exp * 1000)
      return payload.sub
    } catch {
      return undefined
    }
  }

  #attributes(secure: boolean, maxAge: number) {
    return { httpOnly: true, sameSite: 'lax', path: '/', secure, maxAge } as const
  }

  // Every request to a session checks its cookie, so the signature is verified once a cookie and not once a request.
  #remember(token: string, user: string, expires: number): void {
    if (this.#verified.size >= REMEMBERED) this.#verified.clear()
    this.#verified.set(token, { user, expires })
  }
}
