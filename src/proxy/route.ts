import { AtelierError } from '../errors.ts'
import { isFinal, type Location, type Session } from '../sessions/session.ts'

/**
 * Where a URL leads: to the IDE of a session, to a web app that the session serves on a port of its own, or to the same
 * URL with the slash that is missing after the id or the port.
 */
export type Route =
  | { readonly kind: 'session'; readonly id: string; readonly rest: string }
  | AppRoute
  | { readonly kind: 'redirect'; readonly location: string }

/** The way to a web app: `/s/<id>/p/<port>/…`, or `/s/<id>/a/<port>/…` for one that wants to be asked by that path. */
export interface AppRoute {
  readonly kind: 'app'
  readonly id: string
  readonly port: number
  /** Path of the app without a trailing slash. */
  readonly prefix: string
  readonly keepsPrefix: boolean
  readonly rest: string
}

/** The next stop of a request: where, and the path and query to ask there, byte for byte as the browser wrote them. */
export interface Hop {
  readonly location: Location
  readonly path: string
}

const SESSION_URL = /^\/s\/([A-Za-z0-9_-]{1,64})(\/[^?#]*)?(\?[^#]*)?$/
/** One to five digits without a zero in front: RStudio uses `/p/` itself, with eight. */
const APP_PATH = /^\/([pa])\/([1-9]\d{0,4})(\/.*)?$/
const MAX_PORT = 65_535
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
  return appRoute(id, path, query) ?? { kind: 'session', id, rest: path + query }
}

function appRoute(id: string, path: string, query: string): Route | undefined {
  const [, kind, digits, rest] = APP_PATH.exec(path) ?? []
  const port = Number(digits)
  if (kind === undefined || port > MAX_PORT) return undefined
  const prefix = `/s/${id}/${kind}/${port}`
  if (rest === undefined) return { kind: 'redirect', location: `${prefix}/${query}` }
  // Without its prefix it has a new beginning.
  if (!isPlainPath(rest)) throw new AtelierError('BAD_REQUEST')
  return { kind: 'app', id, port, prefix, keepsPrefix: kind === 'a', rest: rest + query }
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
  session: Reachable & Pick<Session, 'id'>,
  rest: string,
  { node, keepsPrefix }: { node: string; keepsPrefix: boolean },
): Hop {
  const { id, location } = session
  requireRunning(session)
  if (location === null || (location.kind === 'socket' && session.node !== node)) {
    throw new AtelierError('IDE_UNREACHABLE')
  }
  return { location, path: keepsPrefix ? `/s/${id}${rest}` : rest }
}

/**
 * The path by which the web app is asked. Throws as `nextHop`, and PORT_NOT_SERVED for a session that runs on another
 * host than the node `node`, whose loopback is not the session's.
 */
export function appPath(session: Reachable, route: AppRoute, node: string): string {
  requireRunning(session)
  if (session.location?.kind !== 'socket' || session.node !== node) {
    throw new AtelierError('PORT_NOT_SERVED', 'The web apps of this session cannot be reached.')
  }
  return route.keepsPrefix ? route.prefix + route.rest : route.rest
}

type Reachable = Pick<Session, 'state' | 'node' | 'location'>

function requireRunning({ state }: Reachable): void {
  if (isFinal(state)) throw new AtelierError('SESSION_ENDED')
  if (state === 'Starting') throw new AtelierError('SESSION_NOT_READY')
}
