import type { IncomingMessage } from 'node:http'
import { AtelierError } from '../errors.ts'
import type { Session } from '../sessions/session.ts'
import type { Door, Hops } from './parts.ts'
import { type Hop, nextHop, parseRoute, type Route } from './route.ts'
import type { Target, Targets } from './targets.ts'

/** A request that was let in: to which session, and where it goes next. */
export interface Entry {
  readonly session: Session
  readonly hop: Hop
  readonly target: Target
}

/** Where a URL leads inside a session. */
export type SessionRoute = Extract<Route, { kind: 'session' }>

/**
 * Lets a request or an upgrade in: one URL parser, one door and one next hop for both, so that the session that the door
 * saw is the one that gets the bytes. Throws AtelierError before anything goes upstream.
 */
export async function enter(
  request: IncomingMessage,
  kind: 'request' | 'upgrade',
  route: SessionRoute,
  { door, hops, targets }: { door: Door; hops: Hops; targets: Targets },
): Promise<Entry> {
  const session = await door.admit(request, route.id, kind)
  const { keepsPrefix } = hops.ide(session.ide)
  const hop = nextHop(session, route.rest, { node: hops.node, keepsPrefix })
  return { session, hop, target: targets.of(session, hop.location) }
}

/** The route of an upgrade, which cannot be redirected. Throws as `parseRoute`, and NOT_FOUND. */
export function upgradeRoute({ url }: Pick<IncomingMessage, 'url'>): SessionRoute {
  const route = parseRoute(url ?? '')
  if (route.kind === 'redirect') throw new AtelierError('NOT_FOUND')
  return route
}
