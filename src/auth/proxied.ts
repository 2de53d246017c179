import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** What the proxy in front says of a request's user: somebody, nobody, or things that cannot all be true. */
export type ProxiedUser =
  | { readonly kind: 'none' }
  | { readonly kind: 'user'; readonly user: string }
  | { readonly kind: 'contradiction' }

/** The header by which a proxy in front tells whom it has signed in. */
export interface ProxiedHeader {
  readonly name: string
  /** True for the addresses of such proxies. */
  readonly isTrusted: (address: string) => boolean
  /** What the proxy shows beside it: sessions may have the same address as the proxy. */
  readonly secret: string
}

const SECRET_HEADER = 'x-atelier-proxy-secret'

/** What such a proxy says of a request that came from `address`; from anywhere else the header says nothing. */
export function proxiedUser(
  request: Pick<IncomingMessage, 'rawHeaders'>,
  address: string,
  { name, isTrusted, secret }: ProxiedHeader,
): ProxiedUser {
  const values = valuesOf(request.rawHeaders, name.toLowerCase())
  const [value, ...more] = values
  const isOfProxy = isTrusted(address) && shows(request.rawHeaders, secret)
  if (value === undefined || !isOfProxy) return { kind: 'none' }
  // A second one may be what the browser sent, and a proxy has passed on.
  if (more.length > 0) return { kind: 'contradiction' }
  const user = value.trim()
  return user === '' || /[,\s]/.test(user) ? { kind: 'contradiction' } : { kind: 'user', user }
}

function shows(rawHeaders: readonly string[], secret: string): boolean {
  const shown = valuesOf(rawHeaders, SECRET_HEADER)
  return shown.length === 1 && timingSafeEqual(digest(shown[0] ?? ''), digest(secret))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function valuesOf(rawHeaders: readonly string[], name: string): readonly string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name)
}
