import { z } from 'zod'
import { NODE_STATES, type NodeView } from '../nodes/cluster-node.ts'
import { IDE_NAMES, SESSION_STATES, type Session } from '../sessions/session.ts'
import type { DeepReadonly } from './deep-readonly.ts'
import type { SessionExtras } from './session-json.ts'

const time = z.iso.datetime()

/** A node as the API answers it to administrators. */
export const nodeAnswer = z
  .object({
    name: z.string(),
    state: z
      .enum(NODE_STATES)
      .describe(
        'Failed: it does not answer. Lost: its lease has run out too, and its sessions count as lost. Offline: it ended in order.',
      ),
    draining: z.boolean().describe('It keeps its sessions and gets no new ones.'),
    version: z.string().describe('Of Atelier.'),
    url: z.string().describe('Where its HTTP server answers the other nodes.'),
    self: z.boolean().describe('True for the node that answers this request.'),
    sessions: z.int().describe('How many it holds that have not ended.'),
    load: z
      .number()
      .nullable()
      .describe('Its load average of one minute divided by its processors; null if not known.'),
    joinedAt: time.describe('When a node of this name first came.'),
    startedAt: time,
    seenAt: time.describe('When it last renewed its lease.'),
    leaseUntil: time.describe('When its lease ends, or ended.'),
    leftAt: time.nullable().describe('When it ended in order; null while it has not.'),
    lostAt: time.nullable().describe('When the others gave it up; null while they have not.'),
    roundTripMs: z
      .number()
      .nullable()
      .describe('Of the gossip, from the node that answers; null if not known.'),
    databaseMs: z
      .number()
      .nullable()
      .describe('How long its last renewal in the database took; null if not known.'),
    listening: z
      .boolean()
      .nullable()
      .describe('False while it hears no hints of the database; null if not known.'),
  })
  .meta({ id: 'Node', description: 'A node of the cluster.' })

/** All nodes, by name. */
export const nodesAnswer = z.object({ items: z.array(nodeAnswer) })

/** A session as administrators see it: who holds it, and not what is in it. */
export const nodeSessionAnswer = z
  .object({
    id: z.string(),
    user: z.string(),
    name: z.string().nullable().describe('What its owner calls it.'),
    ide: z.enum(IDE_NAMES),
    state: z.enum(SESSION_STATES),
    createdAt: time,
    lastUsedAt: time,
    version: z.int().describe('Grows with every change of the session.'),
  })
  .meta({ id: 'NodeSession', description: 'A session of any user, as administrators see it.' })

/** A node as the API answers it. */
export type NodeJson = DeepReadonly<z.input<typeof nodeAnswer>>

/** A session of a node as the API answers it. */
export type NodeSessionJson = DeepReadonly<z.input<typeof nodeSessionAnswer>>

/** The node's answer; see `nodeAnswer`. */
export function nodeJson(node: NodeView): NodeJson {
  return {
    name: node.name,
    state: node.state,
    draining: node.draining,
    version: node.version,
    url: node.url,
    self: node.self,
    sessions: node.sessions,
    load: node.load,
    joinedAt: node.joinedAt.toISOString(),
    startedAt: node.startedAt.toISOString(),
    seenAt: node.renewedAt.toISOString(),
    leaseUntil: node.leaseUntil.toISOString(),
    leftAt: node.leftAt?.toISOString() ?? null,
    lostAt: node.lostAt?.toISOString() ?? null,
    roundTripMs: node.roundTripMs,
    databaseMs: node.databaseMs,
    listening: node.listening,
  }
}

/** The answer of a session of a node; see `nodeSessionAnswer`. */
export function nodeSessionJson(
  session: Session,
  extras: Pick<SessionExtras, 'report'>,
): NodeSessionJson {
  const { id, user, name, ide, state, createdAt, version } = session
  const lastUsedAt = new Date(extras.report(session).lastUsedAt).toISOString()
  return { id, user, name, ide, state, createdAt: createdAt.toISOString(), lastUsedAt, version }
}
