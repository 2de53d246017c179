import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { AtelierError, asAtelierError } from '../errors.ts'
import { errorPage } from './error-page.ts'
import { parseRoute } from './route.ts'

/** An answer of our own to a request for a session. */
export interface Answer {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly body: string
}

/** True if a person opens a page with this request, rather than a page's script or a program asking for data. */
export function isNavigation({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>) {
  if (method !== 'GET' && method !== 'HEAD') return false
  const mode = headers['sec-fetch-mode']
  return mode === undefined ? /\btext\/html\b/.test(headers.accept ?? '') : mode === 'navigate'
}

/**
 * What is told about an error: a page to a person, JSON to a program. Who opens a session that is starting or has ended
 * is sent to its page in the control plane.
 */
export function errorAnswer(
  error: AtelierError,
  request: Pick<IncomingMessage, 'method' | 'headers' | 'url'>,
): Answer {
  // Below /api/ are programs' answers, even if a person looks at one.
  const navigation = isNavigation(request) && request.url?.startsWith('/api/') !== true
  if (error.code === 'NOT_SIGNED_IN') {
    // A program is told what it would be told of a session that is not there.
    if (!navigation) return errorAnswer(new AtelierError('SESSION_NOT_FOUND'), request)
    return redirectAnswer(302, `/sign-in?next=${encodeURIComponent(request.url ?? '/')}`)
  }
  const { code, status } = error
  if (navigation && (code === 'SESSION_NOT_READY' || code === 'SESSION_ENDED')) {
    return redirectAnswer(302, sessionPage(request.url ?? ''))
  }
  const headers: OutgoingHttpHeaders = {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
  if (status === 503) headers['retry-after'] = '1'
  if (!navigation) {
    headers['content-type'] = 'application/json; charset=utf-8'
    return { status, headers, body: JSON.stringify(error) }
  }
  headers['content-type'] = 'text/html; charset=utf-8'
  headers['content-security-policy'] = "default-src 'none'; style-src 'unsafe-inline'"
  return { status, headers, body: errorPage(error) }
}

/** The answer that sends a browser to another path of ours. */
export function redirectAnswer(status: 302 | 308, location: string): Answer {
  return { status, headers: { location, 'cache-control': 'no-store' }, body: '' }
}

/** Writes the answer and closes the connection if the request's body has not all arrived: it would be read as the next. */
export function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  response.writeHead(status, {
    ...headers,
    'content-length': Buffer.byteLength(body),
    ...(request.complete && response.shouldKeepAlive ? undefined : { connection: 'close' }),
  })
  response.end(body)
}

/** Tells about an error; what is not of the list becomes INTERNAL. */
export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
): void {
  sendAnswer(request, response, errorAnswer(asAtelierError(error), request))
}

function sessionPage(url: string): string {
  const route = parseRoute(url)
  return route.kind === 'redirect' ? '/' : `/sessions/${route.id}`
}
