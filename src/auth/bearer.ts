import { createHash, randomBytes } from 'node:crypto'

// A fixed beginning, by which scanners for secrets know a token that somebody has published.
const PREFIX = 'atl_'
const RANDOM_BYTES = 32
const TOKEN = /^atl_[A-Za-z0-9_-]{43}$/
const SESSION_TOKEN = /^atl_session\.([a-z0-9]{1,64})\.([1-9]\d{0,8})\.([A-Za-z0-9_-]{43})$/
const BEARER = /^bearer +(\S+)$/i
const OUR_BEARER = /^bearer\s+atl_/i

/** A new API token: `atl_` and 256 random bits in base64url. */
export function newBearerToken(): string {
  return PREFIX + randomBytes(RANDOM_BYTES).toString('base64url')
}

/** What is stored of a token and looked for: its SHA-256. It needs no salt, as nobody can guess 256 random bits. */
export function bearerTokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** The API token in an Authorization header (RFC 6750, 2.1); undefined for another scheme and for what is no token of ours. */
export function readBearer(authorization: string): string | undefined {
  const token = BEARER.exec(authorization.trim())?.[1]
  return token !== undefined && TOKEN.test(token) ? token : undefined
}

/** What a session's token in an Authorization header claims; undefined for any other header. */
export function readSessionBearer(
  authorization: string,
): { readonly id: string; readonly epoch: number; readonly signature: Buffer } | undefined {
  const token = BEARER.exec(authorization.trim())?.[1] ?? ''
  const [, id, epoch, signature] = SESSION_TOKEN.exec(token) ?? []
  if (id === undefined || signature === undefined) return undefined
  return { id, epoch: Number(epoch), signature: Buffer.from(signature, 'base64url') }
}

/** True for an Authorization header with a bearer token, ours or not. */
export function isBearer(authorization: string): boolean {
  return /^bearer(?: |$)/i.test(authorization.trim())
}

/** True if an Authorization header is meant for our API, however damaged: it must reach nobody else. */
export function isOurBearer(authorization: string): boolean {
  return OUR_BEARER.test(authorization.trim())
}
