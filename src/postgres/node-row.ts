import type { NodeRow } from '../nodes/cluster-node.ts'

/** A row of the table `atelier.nodes`, as `NODE_COLUMNS` reads it. */
export type NodeTableRow = {
  readonly name: string
  readonly installation: string
  readonly boot_id: string
  readonly url: string
  readonly gossip_address: string | null
  readonly version: string
  readonly epoch: number
  readonly draining: boolean
  readonly joined_at: Date
  readonly started_at: Date
  readonly renewed_at: Date
  readonly lease_until: Date
  readonly leased: boolean
  readonly now: Date
  readonly left_at: Date | null
  readonly lost_at: Date | null
  readonly database_ms: number | null
  readonly listening: boolean | null
}

/** True of a row whose lease lasts: a node that has ended in order has given its own up. */
export const LEASED = 'nodes.lease_until > now() and nodes.left_at is null'

/** What is read of a row: all of it, and whether its lease lasts. */
export const NODE_COLUMNS = `nodes.*, ${LEASED} as leased, now() as now`

/** The node that a row describes. */
export function toNode(row: NodeTableRow): NodeRow {
  return {
    name: row.name,
    installation: row.installation,
    bootId: row.boot_id,
    url: row.url,
    gossipAddress: row.gossip_address,
    version: row.version,
    epoch: row.epoch,
    draining: row.draining,
    joinedAt: row.joined_at,
    startedAt: row.started_at,
    renewedAt: row.renewed_at,
    leaseUntil: row.lease_until,
    leased: row.leased,
    now: row.now,
    leftAt: row.left_at,
    lostAt: row.lost_at,
    databaseMs: row.database_ms,
    listening: row.listening,
  }
}
