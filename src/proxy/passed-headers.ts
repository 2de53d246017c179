import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { HOP_HEADER } from '../peers/hop-header.ts'
import { connectionNames, isHopByHop } from './headers.ts'

/**
 * The headers of a browser's request as another node gets them: all but those of the hop, so that it decides from the same
 * as this one did, and rewrites them for the IDE.
 */
export function passedHeaders({
  headers,
}: Pick<IncomingMessage, 'headers'>): Record<string, string> {
  const dropped = connectionNames(headers.connection)
  const out: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (typeof value !== 'string' || isHopByHop(name) || name === HOP_HEADER) continue
    // Our server has answered it.
    if (name === 'expect') continue
    if (dropped?.includes(name) && name !== 'host' && name !== 'content-length') continue
    out[name] = value
  }
  return out
}

/** The headers of a node's answer as the browser gets them: all but those of the hop and what nodes tell each other. */
export function passedResponseHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const dropped = connectionNames(headers.connection)
  const out: IncomingHttpHeaders = {}
  for (const name in headers) {
    if (isHopByHop(name) || name.startsWith('x-atelier-') || dropped?.includes(name)) continue
    out[name] = headers[name]
  }
  return out
}
