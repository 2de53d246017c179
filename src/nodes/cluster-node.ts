/** What nodes speak among each other: gossip, hops, and what the tables mean. Nodes of another version stay apart. */
export const PROTOCOL = 1

/** A node as the nodes table knows it: times are the database's. */
export interface NodeRow {
  /** Unique in the cluster and the same after a restart. */
  readonly name: string
  /** The data directory behind the name. */
  readonly installation: string
  /** Another one after each start. */
  readonly bootId: string
  /** Where its HTTP server answers the other nodes. */
  readonly url: string
  /** Where it gossips; null if it does not. */
  readonly gossipAddress: string | null
  readonly version: string
  /** Grows by one whenever the node starts, or is given up as lost. */
  readonly epoch: number
  /** True while an administrator drains it: it keeps its sessions and gets no new ones. */
  readonly draining: boolean
  /** When a node of this name first came to the cluster. */
  readonly joinedAt: Date
  readonly startedAt: Date
  /** When it last renewed its lease. */
  readonly renewedAt: Date
  readonly leaseUntil: Date
  /** True while its lease lasts, by the database's clock at the time of the read. */
  readonly leased: boolean
  /** The database's clock at the time of the read. */
  readonly now: Date
  /** When it ended in order; null while it runs, or if it did not. */
  readonly leftAt: Date | null
  /** When the others gave it up; null if they have not, or it came back. */
  readonly lostAt: Date | null
  /** How long its last renewal took, in ms. */
  readonly databaseMs: number | null
  /** False while it hears no hints of the database. */
  readonly listening: boolean | null
}

/** The states of a node as administrators see them. */
export const NODE_STATES = [
  /** It answers. */
  'alive',
  /** It has missed probes, and may refute. */
  'suspect',
  /** It is about to end in order. */
  'leaving',
  /** It does not answer, and its sessions may still run. */
  'failed',
  /** It does not answer, its lease has run out, and its sessions count as lost. */
  'lost',
  /** It ended in order. */
  'offline',
] as const

/** A state of a node. */
export type NodeState = (typeof NODE_STATES)[number]

/** A node as administrators see it: the table's row, what gossip says, and how many sessions it holds. */
export interface NodeView extends NodeRow {
  readonly state: NodeState
  /** True for the node that answers. */
  readonly self: boolean
  /** How many sessions it holds that have not ended. */
  readonly sessions: number
  /** Its load average of one minute divided by its processors; null if it is not known. */
  readonly load: number | null
  /** The round trip of the gossip from the node that answers, in ms; null if there was none yet. */
  readonly roundTripMs: number | null
}
