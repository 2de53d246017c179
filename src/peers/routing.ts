import type { Membership } from '../../cluster/index.ts'
import type { Config } from '../config.ts'
import type { NodeRow } from '../nodes/cluster-node.ts'
import type { KnownNodes } from '../nodes/known-nodes.ts'
import type { Routing } from './browser-address.ts'

/** Where browsers are to go, by the configuration and by the nodes that are known now. */
export function routingOf(
  config: Pick<Config, 'routing'>,
  { membership, nodes }: { membership: Pick<Membership, 'local'>; nodes: Pick<KnownNodes, 'all'> },
): Routing {
  const { mode, direct, node, public_url } = config.routing
  const { name, url: ownUrl } = membership.local
  const known = mode === 'single-node' ? nodes.all() : []
  const publicNode = known.find((each) => each.name === (node ?? firstNode(known)?.name))
  return {
    mode,
    direct,
    publicUrl: public_url ?? publicNode?.url,
    isPublicNode: mode === 'single-node' && (node ?? publicNode?.name) === name,
    ownUrl,
  }
}

/** The node that was the first in the cluster; of several that came at once the first by name, as all nodes choose it. */
function firstNode(nodes: readonly NodeRow[]): NodeRow | undefined {
  return [...nodes].sort(
    (a, b) => a.joinedAt.getTime() - b.joinedAt.getTime() || (a.name < b.name ? -1 : 1),
  )[0]
}
