import type { IncomingMessage } from 'node:http'

/** The header by which our pages say that somebody has touched them lately: they ask for much by themselves too. */
export const PERSON_HEADER = 'x-atelier-person'

/**
 * True if somebody is at work by this request, so that the sign-in goes on: what changes something, what opens a page, and
 * what a page asks for that somebody has used just now. Event streams, and what an open tab reads by itself, are not.
 */
export function isByPerson({
  method,
  headers,
}: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  if (method !== 'GET' && method !== 'HEAD') return true
  return headers['sec-fetch-mode'] === 'navigate' || headers[PERSON_HEADER] !== undefined
}
