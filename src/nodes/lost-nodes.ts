import type { Membership } from '../../cluster/index.ts'
import type { NodeRow } from './cluster-node.ts'

/**
 * The nodes that are to be given up: gossip does not reach them, and they have not renewed their lease until it ran out.
 * Either alone says nothing: a cut network parts members that still serve, and a database that is away ends no node.
 */
export function lostNodes(
  rows: readonly NodeRow[],
  membership: Pick<Membership, 'get'>,
): readonly NodeRow[] {
  return rows.filter(({ name, leaseUntil, leased, lostAt, leftAt, now }) => {
    if (lostAt !== null) return false
    // One that has ended in order may be about to start again: it has the time of its lease, too.
    if (leftAt === null ? leased : leaseUntil > now) return false
    const state = membership.get(name)?.state
    return state === undefined || state === 'failed'
  })
}
