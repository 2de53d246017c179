import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Middleware } from 'koa'
import type { Session } from '../sessions/session.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { SignedIn } from './signed-in.ts'

/** The way to the nodes that hold sessions. */
export interface HeldElsewhere {
  /** Throws HOP_REFUSED for a request that claims to come from another node and does not. */
  check(request: IncomingMessage): void
  /**
   * Passes a request on to the node that holds the session, and then answers it; false if that is this one. `sessionOf`
   * answers the session as it is at that time, or throws. Throws SESSION_MOVED, SESSION_LOST and NODE_UNREACHABLE.
   */
  relay(request: IncomingMessage, response: ServerResponse, sessionOf: () => Session): boolean
}

/** What passing requests on needs. */
export interface HolderParts {
  readonly sessions: Pick<Sessions, 'getSession'>
  readonly heldElsewhere: HeldElsewhere
}

/** Refuses requests that claim to come from another node and do not. */
export function genuineHops({ heldElsewhere }: Pick<HolderParts, 'heldElsewhere'>): Middleware {
  return async (ctx, next) => {
    heldElsewhere.check(ctx.req)
    await next()
  }
}

/** Passes requests about the session `id` on to the node that holds it; what comes next runs on that node only. */
export function atHolder({ sessions, heldElsewhere }: HolderParts): Middleware<SignedIn> {
  return async (ctx, next) => {
    const { id } = ctx['params'] as { id: string }
    const sessionOf = (): Session => sessions.getSession(ctx.state.user, id)
    if (heldElsewhere.relay(ctx.req, ctx.res, sessionOf)) ctx.respond = false
    else await next()
  }
}
