import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { isOurBearer } from '../auth/bearer.ts'
import { confineCookies, withoutCookies } from './cookies.ts'
import { confineLocation, confineRefresh } from './location.ts'
import type { Client } from './parts.ts'

/** What the headers of a session's traffic are rewritten with. */
export interface SessionHeaders {
  /** Path of the session without a trailing slash: `/s/<id>`. */
  readonly prefix: string
  /** True if the IDE answers at `/s/<id>/…` itself. */
  readonly keepsPrefix: boolean
  /** Headers that the IDE wants on each request, names in lower case. */
  readonly ide: Readonly<Record<string, string>>
  /** Further such headers for one request, made from the whole URL that the browser asked for. */
  readonly ofRequest?: (url: string) => Readonly<Record<string, string>>
  /** Names of cookies that are kept from a web app, as they are the IDE's: the browser cannot tell them apart. */
  readonly hiddenCookies?: RegExp | undefined
  /** The name, in lower case, of a header that is kept from it, whoever sends it. */
  readonly withheld?: string | undefined
  /** Its addresses as `host:port`, as far as it could name them in a redirect. */
  readonly upstream: readonly string[]
}

/** Headers of one hop only (RFC 9110, 7.6.1), beside those named Proxy-…. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
])

/** What a browser may not tell an IDE: where it comes from is ours to say. `expect` has been answered by our server. */
const NOT_FROM_BROWSERS = new Set(['expect', 'forwarded', 'x-real-ip'])

/** What an IDE may not tell a browser, as it would hold for the whole host and not for the session alone. */
const NOT_FROM_IDES = new Set(['alt-svc', 'clear-site-data', 'strict-transport-security'])

/** True for a header that is meant for the next stop only (RFC 9110, 7.6.1). */
export function isHopByHop(name: string): boolean {
  return HOP_BY_HOP.has(name) || name.startsWith('proxy-')
}

/** The header names that a Connection header makes hop-by-hop. */
export function connectionNames(
  connection: string | string[] | undefined,
): readonly string[] | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return
  return String(connection)
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
}

/**
 * The headers of a browser's request as its IDE gets them: without those of the hop, without our cookies, tokens and
 * internal headers, with who asks and with what the IDE wants. `Host` stays the browser's, for the IDE's check of `Origin`.
 */
export function requestHeaders(
  { headers, url }: Pick<IncomingMessage, 'headers' | 'url'>,
  client: Client,
  session: SessionHeaders,
): Record<string, string> {
  const dropped = connectionNames(headers.connection)
  const out: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (typeof value !== 'string' || isHopByHop(name) || NOT_FROM_BROWSERS.has(name)) continue
    if (name.startsWith('x-forwarded-') || name.startsWith('x-atelier-')) continue
    if (name === session.withheld) continue
    // A name in Connection that routing or framing depends on is an attack on whoever reads it next.
    if (dropped?.includes(name) && name !== 'host' && name !== 'content-length') continue
    // A token for our API would let whoever reads it act as the user.
    if (name === 'authorization' && isOurBearer(value)) continue
    if (name !== 'cookie') {
      out[name] = value
      continue
    }
    const cookie = withoutCookies(value, session.hiddenCookies)
    if (cookie !== '') out[name] = cookie
  }
  out['x-forwarded-for'] = client.address
  out['x-real-ip'] = client.address
  out['x-forwarded-proto'] = client.scheme
  if (headers.host !== undefined) out['x-forwarded-host'] = headers.host
  if (!session.keepsPrefix) out['x-forwarded-prefix'] = session.prefix
  Object.assign(out, session.ide)
  if (session.ofRequest === undefined) return out
  return Object.assign(
    out,
    session.ofRequest(`${client.scheme}://${headers.host ?? 'localhost'}${url}`),
  )
}

/**
 * The headers of an IDE's answer as the browser gets them: without those of the hop and those that reach beyond the
 * session; cookies and redirects are confined to it. `host` is the browser's Host.
 */
export function responseHeaders(
  headers: IncomingHttpHeaders,
  host: string | undefined,
  session: SessionHeaders,
): IncomingHttpHeaders {
  const dropped = connectionNames(headers.connection)
  const out: IncomingHttpHeaders = {}
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined || isHopByHop(name) || NOT_FROM_IDES.has(name)) continue
    if (name.startsWith('x-atelier-') || dropped?.includes(name)) continue
    const rewritten = confined(name, value, host, session)
    if (rewritten.length > 0) out[name] = rewritten
  }
  return out
}

function confined(
  name: string,
  value: string | string[],
  host: string | undefined,
  session: SessionHeaders,
): string | string[] {
  switch (name) {
    case 'set-cookie':
      return confineCookies(typeof value === 'string' ? [value] : value, session)
    case 'location':
    case 'content-location':
      return confineLocation(String(value), host, session)
    case 'refresh':
      return confineRefresh(String(value), host, session)
    case 'service-worker-allowed':
      return `${session.prefix}/`
    default:
      return value
  }
}
