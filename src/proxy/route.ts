import { AtelierError } from '../errors.ts'
import { isFinal, type Location, type Session } from '../sessions/session.ts'

/** Where a URL leads: into a session, or to the same URL with the slash that is missing after the id. */
export type Route =
  | { readonly kind: 'session'; readonly id: string; readonly rest: string }
  | { readonly kind: 'redirect'; readonly location: string }

/** The next stop of a request: where, and the path and query to ask there, byte for byte as the browser wrote them. */
export interface Hop {
  readonly location: Location
  readonly path: string
}

const SESSION_URL = /^\/s\/([A-Za-z0-9_-]{1,64})(\/[^?#]*)?(\?[^#]*)?$/
const NO_ID = /^\/s\/?(?:\?|$)/
const NOT_PRINTABLE_ASCII = /[^\x21-\x7e]/
const NEEDS_A_CLOSER_LOOK = /%|\\|\.\.|\/\//

/**
 * Takes a request's URL apart: the one parser for who may enter and for where the bytes go. `rest` begins with a slash
 * and has the query. Throws BAD_REQUEST for what a browser would not send and an IDE could read as another path.
 */
export function parseRoute(url: string): Route {
  const [, id, path, query = ''] = SESSION_URL.exec(url) ?? []
  if (NO_ID.test(url)) throw new AtelierError('NOT_FOUND')
  if (id === undefined || NOT_PRINTABLE_ASCII.test(url)) throw new AtelierError('BAD_REQUEST')
  if (path === undefined) return { kind: 'redirect', location: `/s/${id}/${query}` }
  if (NEEDS_A_CLOSER_LOOK.test(path) && !isPlainPath(path)) throw new AtelierError('BAD_REQUEST')
  return { kind: 'session', id, rest: path + query }
}

/** False if some reader could take the path for one outside its prefix, for a host name, or for no path at all. */
function isPlainPath(path: string): boolean {
  let decoded: string
  try {
    decoded = decodeURIComponent(path).replaceAll('\\', '/')
  } catch {
    return false
  }
  return !decoded.startsWith('//') && !decoded.includes('\0') && !decoded.split('/').includes('..')
}

/**
 * The next hop of a request to `session`. Throws SESSION_NOT_READY before it answers, SESSION_ENDED after its end, and
 * IDE_UNREACHABLE when it cannot be reached from the node `node`.
 */
export function nextHop(
  session: Pick<Session, 'id' | 'state' | 'node' | 'location'>,
  rest: string,
  { node, keepsPrefix }: { node: string; keepsPrefix: boolean },
): Hop {
  const { id, state, location } = session
  if (isFinal(state)) throw new AtelierError('SESSION_ENDED')
  if (state === 'Starting') throw new AtelierError('SESSION_NOT_READY')
  if (location === null || (location.kind === 'socket' && session.node !== node)) {
    throw new AtelierError('IDE_UNREACHABLE')
  }
  return { location, path: keepsPrefix ? `/s/${id}${rest}` : rest }
}
