import type { Member } from '../../cluster/index.ts'
import type { NodeRow, NodeState } from './cluster-node.ts'

/** The state of a node from its row and from what gossip says of it; the row alone knows of a node that has ended. */
export function nodeState(
  row: Pick<NodeRow, 'leased' | 'leftAt' | 'lostAt' | 'bootId'>,
  member: Pick<Member, 'state'> | undefined,
): NodeState {
  if (member !== undefined && member.state !== 'failed') return member.state
  if (row.leftAt !== null) return 'offline'
  if (row.lostAt !== null) return 'lost'
  return 'failed'
}
