import type { Config } from '../config.ts'
import type { NodeRow } from './cluster-node.ts'

/** Where to ask for the gossip of other nodes: what the configuration names, and every node that the table knows to run. */
export function seedsOf(
  config: Pick<Config, 'cluster'>,
  nodes: readonly Pick<NodeRow, 'name' | 'gossipAddress' | 'leftAt'>[],
  own: string,
): readonly string[] {
  const known = nodes.flatMap(({ name, gossipAddress, leftAt }) => {
    // Empty as long as it has not begun to gossip.
    const isSeed = name !== own && leftAt === null && gossipAddress !== null && gossipAddress !== ''
    return isSeed ? [gossipAddress] : []
  })
  return [...config.cluster.seeds, ...known]
}
