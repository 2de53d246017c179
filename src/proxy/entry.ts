import type { IncomingMessage } from 'node:http'
import { AtelierError } from '../errors.ts'
import type { Ide } from '../ides/ide.ts'
import type { Held } from '../sessions/held.ts'
import { APP_USE } from './app-use.ts'
import type { Admission, Apps, Door, Hopping, Hops, Peers } from './parts.ts'
import { appPath, idePath, nextHop, parseRoute, type Route, type Standpoint } from './route.ts'
import type { Target } from './target.ts'
import type { Targets } from './targets.ts'

/** A request that was let in: to which session, and where it goes next, by which path. */
export interface Entry {
  readonly session: Held
  readonly path: string
  readonly target: Target
  /** What tells whether somebody is at work by it; undefined if another node finds that out, which holds the session. */
  readonly signs: Pick<Ide, 'isUse' | 'isUseFrame'> | undefined
  /** Path and query below the session. */
  readonly rest: string
  /** Whose request it is; undefined for one that another door than the data plane's has let in. */
  readonly admission?: Admission
}

/** What decides about a request: one door and one next hop for requests and upgrades. */
export interface EntryParts {
  readonly door: Door
  readonly hops: Hops
  readonly hopping: Hopping
  readonly peers: Peers
  readonly apps: Apps
  readonly targets: Targets
}

/** Where a URL leads inside a session: to its IDE, or to an app that it serves. */
export type SessionRoute = Exclude<Route, { kind: 'redirect' }>

/**
 * Lets a request or an upgrade in: one URL parser, one door and one next hop for both, so that the session that the door
 * saw is the one that gets the bytes. Throws AtelierError before anything goes upstream.
 */
export async function enter(
  request: IncomingMessage,
  kind: 'request' | 'upgrade',
  route: SessionRoute,
  parts: EntryParts,
): Promise<Entry> {
  const { hops, apps, targets } = parts
  const isPassedOn = passedOnFor(request, route.id, parts)
  const admission = await admitted(request, route.id, kind, parts)
  const { session } = admission
  const hop = nextHop(session, standpoint(session, isPassedOn, parts))
  const { rest } = route
  if (hop.kind === 'node') {
    // The whole of it, as it came, for the other node to take apart.
    const path = request.url ?? ''
    const target = targets.ofPeer(hop.peer)
    return { session, path, target, signs: undefined, rest, admission }
  }
  const { location } = hop
  if (route.kind === 'app') {
    const path = appPath(location, route)
    const [app] = await apps.find(session, route.port)
    if (app === undefined) throw new AtelierError('PORT_NOT_SERVED')
    const target = targets.ofApp(session, route, app.listener)
    return { session, path, target, signs: APP_USE, rest, admission }
  }
  const ide = hops.ide(session.ide)
  const path = idePath(session.id, rest, ide.keepsPrefix)
  const target = targets.ofIde(session, location)
  return { session, path, target, signs: ide, rest, admission }
}

/** The session that the door admits; of one that starts it is looked whether another node has heard of its end already. */
async function admitted(
  request: IncomingMessage,
  id: string,
  kind: 'request' | 'upgrade',
  { door, peers }: EntryParts,
): Promise<Admission> {
  const admission = await door.admit(request, id, kind)
  if (admission.session.state !== 'Starting') return admission
  // While the database is away what is known has to do.
  await peers.refresh(id).catch(() => undefined)
  return door.admit(request, id, kind)
}

/** True if another node has passed the request on for this session. Throws HOP_REFUSED if it only claims so. */
export function passedOnFor(
  request: IncomingMessage,
  sessionId: string,
  { hopping }: Pick<EntryParts, 'hopping'>,
): boolean {
  const passedOn = hopping.open(request)
  if (passedOn === undefined) return false
  if (passedOn.session !== sessionId) throw new AtelierError('HOP_REFUSED')
  return true
}

/** What this node knows when it decides about a request for the session. */
export function standpoint(
  session: Pick<Held, 'node'>,
  isPassedOn: boolean,
  { hops: { node }, peers }: Pick<EntryParts, 'hops' | 'peers'>,
): Standpoint {
  const holder = session.node === node ? undefined : peers.get(session.node)
  return { node, isPassedOn, holder }
}

/** The route of an upgrade, which cannot be redirected. Throws as `parseRoute`, and NOT_FOUND. */
export function upgradeRoute({ url }: Pick<IncomingMessage, 'url'>): SessionRoute {
  const route = parseRoute(url ?? '')
  if (route.kind === 'redirect') throw new AtelierError('NOT_FOUND')
  return route
}
