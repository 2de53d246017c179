import type { IncomingMessage } from 'node:http'
import { AtelierError } from '../errors.ts'
import type { Session } from '../sessions/session.ts'
import type { Apps, Door, Hops } from './parts.ts'
import { appPath, nextHop, parseRoute } from './route.ts'
import type { Target, Targets } from './targets.ts'

/** A request that was let in: to which session, and where it goes next, by which path. */
export interface Entry {
  readonly session: Session
  readonly path: string
  readonly target: Target
}

/** What decides about a request: one door and one next hop for requests and upgrades. */
export interface EntryParts {
  readonly door: Door
  readonly hops: Hops
  readonly apps: Apps
  readonly targets: Targets
}

/**
 * Lets a request or an upgrade in: one URL parser, one door and one next hop for both, so that the session that the door
 * saw is the one that gets the bytes. Throws AtelierError before anything goes upstream.
 */
export async function enter(
  request: IncomingMessage,
  kind: 'request' | 'upgrade',
  { door, hops, apps, targets }: EntryParts,
): Promise<Entry> {
  const route = parseRoute(request.url ?? '')
  if (route.kind === 'redirect') throw new AtelierError('NOT_FOUND')
  const session = await door.admit(request, route.id, kind)
  if (route.kind === 'app') {
    const path = appPath(session, route, hops.node)
    const [app] = await apps.find(session, route.port)
    if (app === undefined) throw new AtelierError('PORT_NOT_SERVED')
    return { session, path, target: targets.ofApp(session, route, app.listener) }
  }
  const { keepsPrefix } = hops.ide(session.ide)
  const { location, path } = nextHop(session, route.rest, { node: hops.node, keepsPrefix })
  return { session, path, target: targets.ofIde(session, location) }
}
