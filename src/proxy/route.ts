import { AtelierError } from '../errors.ts'
import { nodeUnreachable, sessionLost } from './node-errors.ts'
import type { Peer } from '../peers/peer.ts'
import type { Held } from '../sessions/held.ts'
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

/** The next stop of a request: the session itself, or the node that holds it. */
export type Hop =
  | { readonly kind: 'session'; readonly location: Location }
  | { readonly kind: 'node'; readonly peer: Peer }

/** What a node knows when it decides about a request. */
export interface Standpoint {
  /** The name of this node. */
  readonly node: string
  /** True if another node has passed the request on: no further one is asked then. */
  readonly isPassedOn: boolean
  /** The node that holds the session, if that is another one and is known. */
  readonly holder: Peer | undefined
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
 * The next hop of a request to `session`. Throws SESSION_NOT_READY before it answers, SESSION_ENDED after its end,
 * SESSION_LOST while its server is lost, IDE_UNREACHABLE when it answers nowhere, and as `holderOf`.
 */
export function nextHop(session: Reachable, at: Standpoint): Hop {
  requireRunning(session)
  const { location } = session
  if (location === null) throw new AtelierError('IDE_UNREACHABLE')
  // Every node reaches an address by itself.
  const peer = location.kind === 'address' ? undefined : holderOf(session, at)
  return peer === undefined ? { kind: 'session', location } : { kind: 'node', peer }
}

/**
 * The node that holds the session, if that is another one than this. Throws SESSION_MOVED if the request was passed on
 * already, so that there are never two nodes in a row, SESSION_LOST, and NODE_UNREACHABLE for a node that is unknown or has
 * failed.
 */
export function holderOf(
  session: Omit<Held, 'id'>,
  { node, isPassedOn, holder }: Standpoint,
): Peer | undefined {
  if (session.node === node) return undefined
  if (isPassedOn) throw new AtelierError('SESSION_MOVED')
  if (session.state === 'Lost') throw sessionLost(session)
  if (holder === undefined || holder.failed) {
    throw nodeUnreachable(session.node, holder?.since, undefined, session.isJob)
  }
  return holder
}

/** The path by which the IDE is asked, byte for byte as the browser wrote it. */
export function idePath(id: string, rest: string, keepsPrefix: boolean): string {
  return keepsPrefix ? `/s/${id}${rest}` : rest
}

/**
 * The path by which the web app is asked. Throws PORT_NOT_SERVED for a session that runs on a host of its own, whose
 * loopback is nobody else's.
 */
export function appPath(location: Location, route: AppRoute): string {
  if (location.kind !== 'socket') {
    throw new AtelierError('PORT_NOT_SERVED', 'The web apps of this session cannot be reached.')
  }
  return route.keepsPrefix ? route.prefix + route.rest : route.rest
}

type Reachable = Pick<Session, 'state' | 'stateAt' | 'node' | 'location'>

function requireRunning(session: Reachable): void {
  if (isFinal(session.state)) throw new AtelierError('SESSION_ENDED')
  if (session.state === 'Starting') throw new AtelierError('SESSION_NOT_READY')
  if (session.state === 'Lost') throw sessionLost(session)
}
