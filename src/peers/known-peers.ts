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
    const seen = { now: Date.now(), age: this.#nodes.age() }
    return peerOf(name, this.#memberOf(name), this.#nodes.get(name), seen)
  }

  /** Reads a session anew, which another node does not hold although it was believed to. Throws DATABASE_UNAVAILABLE. */
  async refresh(sessionId: string): Promise<void> {
    await this.#refresh(sessionId)
  }
}

/**
 * What is to be believed of a node. Gossip is a hint: where it is cut off, as by a firewall, the node is still asked for as long as
 * it renews its lease. `now` is in ms since 1970, `age` how many ms ago the row was read.
 */
export function peerOf(
  name: string,
  member: Pick<Member, 'url' | 'state'> | undefined,
  row: Pick<NodeRow, 'url' | 'now' | 'renewedAt' | 'leftAt'> | undefined,
  { now, age }: { now: number; age: number },
): Peer | undefined {
  if (member !== undefined && member.state !== 'failed') {
    return { name, url: member.url, failed: false }
  }
  const url = row?.url ?? member?.url
  if (url === undefined) return undefined
  if (row === undefined) return { name, url, failed: true }
  const { leftAt, renewedAt } = row
  const isFresh =
    leftAt === null
      ? row.now.getTime() - renewedAt.getTime() + age < FRESH_MS
      : now - leftAt.getTime() < RESTART_MS
  return { name, url, failed: !isFresh, since: leftAt ?? renewedAt }
}
