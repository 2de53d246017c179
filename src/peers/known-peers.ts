import type { Member } from '../../cluster/index.ts'
import type { NodeRow } from '../nodes/cluster-node.ts'
import type { KnownNodes } from '../nodes/known-nodes.ts'
import type { Peer } from './peer.ts'

/** A node that has renewed its lease within so many ms is not dead, whatever gossip believes: it renews every 2.5 s. */
const FRESH_MS = 6000
/** A node that has ended in order is waited for so long, in ms: it may be about to start again. */
const RESTART_MS = 15_000

/** The other nodes as gossip and the nodes table know them. */
export class KnownPeers {
  readonly #memberOf: (name: string) => Member | undefined
  readonly #nodes: Pick<KnownNodes, 'get' | 'age'>
  readonly #refresh: (sessionId: string) => Promise<void>

  constructor(parts: {
    memberOf: (name: string) => Member | undefined
    nodes: Pick<KnownNodes, 'get' | 'age'>
    /** Reads a session anew. */
    refresh: (sessionId: string) => Promise<void>
  }) {
    this.#memberOf = parts.memberOf
    this.#nodes = parts.nodes
    this.#refresh = parts.refresh
  }

  /** The node of that name; undefined if nobody knows where it answers. */
  get(name: string): Peer | undefined {
    return peerOf(name, this.#memberOf(name), this.#nodes.get(name), this.#nodes.age())
  }

  /** Reads a session anew, which another node does not hold although it was believed to. Throws DATABASE_UNAVAILABLE. */
  async refresh(sessionId: string): Promise<void> {
    await this.#refresh(sessionId)
  }
}

/**
 * What is to be believed of a node. Gossip is a hint: where it is cut off, as by a firewall, the node is still asked for as long as
 * it renews its lease. `age` is how many ms ago the row was read.
 */
export function peerOf(
  name: string,
  member: Pick<Member, 'url' | 'state'> | undefined,
  row: Pick<NodeRow, 'url' | 'now' | 'renewedAt' | 'leftAt'> | undefined,
  age: number,
): Peer | undefined {
  if (member !== undefined && member.state !== 'failed') {
    return { name, url: member.url, failed: false, leaving: member.state === 'leaving' }
  }
  const url = row?.url ?? member?.url
  if (url === undefined) return undefined
  if (row === undefined) return { name, url, failed: true }
  const { leftAt, renewedAt } = row
  const since = leftAt ?? renewedAt
  // Both by the database's clock, from which this server's may differ.
  const atRead = row.now.getTime() - since.getTime()
  // Of one that gossip no longer knows nothing worse is believed than was read: it may just have left, to start again.
  const silentFor = member === undefined && leftAt === null ? atRead : atRead + age
  if (silentFor < (leftAt === null ? FRESH_MS : RESTART_MS)) {
    return { name, url, failed: false, leaving: leftAt !== null }
  }
  return { name, url, failed: true, since }
}
