import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Middleware } from 'koa'
import { AtelierError } from '../errors.ts'
import type { WorkbenchJob } from '../jobs/workbench-job.ts'
import type { Held } from '../sessions/held.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { SignedIn } from './signed-in.ts'

/** The way to the nodes that hold sessions, and what jobs have printed. */
export interface HeldElsewhere {
  /** Throws HOP_REFUSED for a request that claims to come from another node and does not. */
  check(request: IncomingMessage): void
  /**
   * Passes a request on to the node that holds the session, and then answers it; false if that is this one. `heldOf`
   * answers the session as it is at that time, or throws. Throws SESSION_MOVED, SESSION_LOST and NODE_UNREACHABLE.
   */
  relay(request: IncomingMessage, response: ServerResponse, heldOf: () => Held): boolean
}

/** What passing requests on needs. */
export interface HolderParts {
  readonly sessions: Pick<Sessions, 'getSession'>
  readonly heldElsewhere: HeldElsewhere
}

/** What passing requests about what jobs have printed on needs. */
export interface JobHolderParts extends Pick<HolderParts, 'heldElsewhere'> {
  /** The job, for its owner and for administrators. Throws JOB_NOT_FOUND. */
  readonly jobFor: (asking: SignedIn, id: string) => Promise<WorkbenchJob>
  /** True if every node has the files of all jobs. */
  readonly jobsShared: boolean
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
    const heldOf = (): Held => sessions.getSession(ctx.state.user, id)
    if (heldElsewhere.relay(ctx.req, ctx.res, heldOf)) ctx.respond = false
    else await next()
  }
}

/**
 * Passes requests for what the job `id` has printed on to its node; what comes next runs where the files are. Throws
 * OUTPUT_REMOVED if they are nowhere.
 */
export function atJobsNode(parts: JobHolderParts): Middleware<SignedIn> {
  const { jobFor, jobsShared, heldElsewhere } = parts
  return async (ctx, next) => {
    const { id } = ctx['params'] as { id: string }
    const job = await jobFor(ctx.state, id)
    if (job.outputRemovedAt !== null) throw new AtelierError('OUTPUT_REMOVED')
    // Its node may well answer although the job is lost there.
    const held: Held = { id, node: job.node, state: 'Active', stateAt: job.stateAt, isJob: true }
    if (!jobsShared && heldElsewhere.relay(ctx.req, ctx.res, () => held)) ctx.respond = false
    else await next()
  }
}
