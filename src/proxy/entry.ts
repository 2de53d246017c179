import type { IncomingMessage } from 'node:http'
import { AtelierError } from '../errors.ts'
import type { Ide } from '../ides/ide.ts'
import type { Session } from '../sessions/session.ts'
import type { Door, Hops } from './parts.ts'
import { type Hop, nextHop, parseRoute } from './route.ts'
import type { Target, Targets } from './targets.ts'

/** A request that was let in: to which session, and where it goes next. */
export interface Entry {
  readonly session: Session
  readonly hop: Hop
  readonly target: Target
  readonly ide: Ide
  /** Path and query below the session. */
  readonly rest: string
}

/**
 * Lets a request or an upgrade in: one URL parser, one door and one next hop for both, so that the session that the door
 * saw is the one that gets the bytes. Throws AtelierError before anything goes upstream.
 */
export async function enter(
  request: IncomingMessage,
  kind: 'request' | 'upgrade',
  { door, hops, targets }: { door: Door; hops: Hops; targets: Targets },
): Promise<Entry> {
  const route = parseRoute(request.url ?? '')
  if (route.kind === 'redirect') throw new AtelierError('NOT_FOUND')
  const session = await door.admit(request, route.id, kind)
  const ide = hops.ide(session.ide)
  const { rest } = route
  const hop = nextHop(session, rest, { node: hops.node, keepsPrefix: ide.keepsPrefix })
  return { session, hop, target: targets.of(session, hop.location), ide, rest }
}
