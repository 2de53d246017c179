import type { IncomingMessage } from 'node:http'
import { AtelierError } from '../errors.ts'
import type { Ide } from '../ides/ide.ts'
import type { Session } from '../sessions/session.ts'
import { APP_USE } from './app-use.ts'
import type { Apps, Door, Hops } from './parts.ts'
import { appPath, nextHop, parseRoute, type Route } from './route.ts'
import type { Target, Targets } from './targets.ts'

/** A request that was let in: to which session, and where it goes next, by which path. */
export interface Entry {
  readonly session: Session
  readonly path: string
  readonly target: Target
  /** What tells whether somebody is at work by it. */
  readonly signs: Pick<Ide, 'isUse' | 'isUseFrame'>
  /** Path and query below the session. */
  readonly rest: string
}

/** What decides about a request: one door and one next hop for requests and upgrades. */
export interface EntryParts {
  readonly door: Door
  readonly hops: Hops
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
  { door, hops, apps, targets }: EntryParts,
): Promise<Entry> {
  const session = await door.admit(request, route.id, kind)
  if (route.kind === 'app') {
    const path = appPath(session, route, hops.node)
    const [app] = await apps.find(session, route.port)
    if (app === undefined) throw new AtelierError('PORT_NOT_SERVED')
    const target = targets.ofApp(session, route, app.listener)
    return { session, path, target, signs: APP_USE, rest: route.rest }
  }
  const ide = hops.ide(session.ide)
  const { rest } = route
  const { location, path } = nextHop(session, rest, {
    node: hops.node,
    keepsPrefix: ide.keepsPrefix,
  })
  return { session, path, target: targets.ofIde(session, location), signs: ide, rest }
}

/** The route of an upgrade, which cannot be redirected. Throws as `parseRoute`, and NOT_FOUND. */
export function upgradeRoute({ url }: Pick<IncomingMessage, 'url'>): SessionRoute {
  const route = parseRoute(url ?? '')
  if (route.kind === 'redirect') throw new AtelierError('NOT_FOUND')
  return route
}
