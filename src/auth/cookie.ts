import type { IncomingHttpHeaders } from 'node:http'
import { parse, serialize } from 'cookie'
import { jwtVerify, SignJWT } from 'jose'
import type { ClusterKey } from './cluster-key.ts'
import type { SignIn } from './sign-in.ts'

const REMEMBERED = 10_000
/** Browsers keep a cookie of this name only if it came by TLS, for this host alone and all its paths (RFC 6265bis, 4.1.3.2). */
const HOST_PREFIX = '__Host-'

/** The signed cookie of a browser that has signed in: a JWT (RFC 7519) that any node with the cluster key can check. */
export class SignInCookie {
  /** Its name carries the cluster's fingerprint, as cookies are shared by all ports of a host. */
  readonly name: string
  readonly #key: Uint8Array
  readonly #verified = new Map<string, SignIn>()

  constructor({ clusterKey }: { clusterKey: ClusterKey }) {
    this.name = `atelier-${clusterKey.fingerprint}`
    this.#key = clusterKey.derive('sign-in cookie')
  }

  /** The Set-Cookie header of a sign-in; `secure` if the browser came by TLS. */
  async seal({ id, user, at, renewedAt, end }: SignIn, secure: boolean): Promise<string> {
    const token = await new SignJWT({ auth_time: at / 1000 })
      .setProtectedHeader({ alg: 'HS256' })
      .setJti(id)
      .setSubject(user)
      .setIssuedAt(renewedAt / 1000)
      .setExpirationTime(end / 1000)
      .sign(this.#key)
    const seconds = Math.max(1, Math.ceil((end - renewedAt) / 1000))
    return serialize(this.#nameFor(secure), token, attributes(secure, seconds))
  }

  /** The Set-Cookie headers that take the cookie from the browser, under both of its names. */
  clear(secure: boolean): readonly string[] {
    const plain = serialize(this.name, '', attributes(secure, 0))
    return secure ? [plain, serialize(HOST_PREFIX + this.name, '', attributes(true, 0))] : [plain]
  }

  /** The sign-in whose cookie these headers carry, if we sealed it and it need not have ended; no more is known here. */
  async open(headers: IncomingHttpHeaders): Promise<SignIn | undefined> {
    if (headers.cookie?.includes(this.name) !== true) return undefined
    const cookies = parse(headers.cookie)
    // The one that only TLS can have set counts first.
    for (const name of [HOST_PREFIX + this.name, this.name]) {
      const token = cookies[name]
      const signIn = token ? await this.#verify(token) : undefined
      if (signIn !== undefined && signIn.end > Date.now()) return signIn
    }
    return undefined
  }

  #nameFor(secure: boolean): string {
    return secure ? HOST_PREFIX + this.name : this.name
  }

  async #verify(token: string): Promise<SignIn | undefined> {
    const known = this.#verified.get(token)
    if (known !== undefined) return known
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: ['HS256'],
        requiredClaims: ['sub', 'jti', 'iat', 'exp', 'auth_time'],
      })
      const { sub, jti, iat, exp, auth_time: at } = payload
      if (sub === undefined || jti === undefined || typeof at !== 'number') return undefined
      if (iat === undefined || exp === undefined) return undefined
      const [began, renewedAt, end] = [at, iat, exp].map((seconds) => Math.round(seconds * 1000))
      if (began === undefined || renewedAt === undefined || end === undefined) return undefined
      const signIn = { id: jti, user: sub, at: began, renewedAt, end }
      this.#remember(token, signIn)
      return signIn
    } catch {
      return undefined
    }
  }

  // Every request to a session checks its cookie, so the signature is verified once a cookie and not once a request.
  #remember(token: string, signIn: SignIn): void {
    if (this.#verified.size >= REMEMBERED) this.#verified.clear()
    this.#verified.set(token, signIn)
  }
}

function attributes(secure: boolean, maxAge: number) {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure, maxAge } as const
}
