import type { IncomingMessage } from 'node:http'

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * True if a request may come from one of our own pages or from no page at all, so that another web site cannot act with
 * the user's cookie. An upgrade must name our own origin (RFC 6455, 10.2); a state-changing request may not name another;
 * for the rest Fetch Metadata decides, and only a top-level navigation may come from elsewhere.
 */
export function comesFromUs(
  request: Pick<IncomingMessage, 'headers' | 'method'>,
  kind: 'request' | 'upgrade',
): boolean {
  const { origin, host } = request.headers
  if (kind === 'upgrade') return origin !== undefined && isOriginOf(origin, host)
  const site = request.headers['sec-fetch-site']
  const sameSite = site === undefined || site === 'same-origin' || site === 'none'
  if (SAFE_METHODS.has(request.method ?? '')) return sameSite || isNavigation(request)
  return origin === undefined ? sameSite : isOriginOf(origin, host)
}

function isNavigation({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
}

function isOriginOf(origin: string, host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(origin)) return false
  const { protocol, host: originHost } = new URL(origin)
  if (protocol !== 'http:' && protocol !== 'https:') return false
  const own = URL.canParse(`${protocol}//${host}`) ? new URL(`${protocol}//${host}`) : undefined
  return own !== undefined && own.host === originHost
}
