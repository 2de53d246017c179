import type { ClusterRow } from './node-store.ts'
import type { NodeRow } from './cluster-node.ts'

const MAX_CLOCK_DIFFERENCE_MS = 30_000

/** What a node that wants to come online is compared by. */
export interface OwnFacts {
  readonly name: string
  readonly keyFingerprint: string
  /** The file that holds the cluster key. */
  readonly keyFile: string
  readonly protocol: number
  readonly enabled: boolean
}

/** Why a node may not come online, and how to mend it, as sentences for its operator. */
export class JoinError extends Error {
  override readonly name = 'JoinError'
}

/**
 * Throws a JoinError if this node does not belong to the cluster of the database: by its key, by the protocol that it speaks,
 * or because its clock is more than 30 s off the database's. `askedAt` and `answeredAt` are times of this clock in ms.
 */
export function checkCluster(
  own: OwnFacts,
  cluster: ClusterRow,
  { askedAt, answeredAt }: { askedAt: number; answeredAt: number },
): void {
  if (own.keyFingerprint !== cluster.keyFingerprint) {
    throw new JoinError(
      `This node has the cluster key ${own.keyFingerprint}, and the cluster of this database the key ${cluster.keyFingerprint}. Copy the key file of another node to ${own.keyFile} (mode 600). If that key is gone for good: stop all nodes, and run "atelier cluster reset --yes".`,
    )
  }
  if (own.protocol !== cluster.protocol) {
    throw new JoinError(
      `This node speaks version ${own.protocol} of the protocol between nodes, and the cluster version ${cluster.protocol}. Run the same version of Atelier on all nodes; to change it stop all nodes, and run "atelier cluster reset --yes" before you start them.`,
    )
  }
  const database = cluster.now.getTime()
  const ahead = database < askedAt ? askedAt - database : Math.min(0, answeredAt - database)
  if (Math.abs(ahead) > MAX_CLOCK_DIFFERENCE_MS) {
    const seconds = Math.round(Math.abs(ahead) / 1000)
    throw new JoinError(
      `The clock of this server is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} the database's, and may differ by 30 s at most. Set both by a time server (NTP), and start again.`,
    )
  }
}

/** Throws a JoinError if another node uses the database that this one cannot form a cluster with. */
export function checkOthers(own: OwnFacts, nodes: readonly NodeRow[]): void {
  const others = nodes.filter(({ name, leased }) => leased && name !== own.name)
  if (!own.enabled && others.length > 0) {
    throw new JoinError(
      `The node ${others[0]?.name} uses this database already. Set cluster.enabled = true on both to form a cluster, or give this one a database of its own.`,
    )
  }
  const single = others.find(({ gossipAddress }) => gossipAddress === null)
  if (single !== undefined && own.enabled) {
    throw new JoinError(
      `The node ${single.name} uses this database without taking part in a cluster. Set cluster.enabled = true there, and start it again.`,
    )
  }
}

/** The error for a name that another installation holds. */
export function nameTaken(name: string, holder: NodeRow | undefined): JoinError {
  const until = holder === undefined ? '' : ` until ${holder.leaseUntil.toISOString()} at least`
  const where = holder === undefined ? '' : ` (${holder.url})`
  return new JoinError(
    `Another server${where} is the node ${name} already${until}. Give this one a name of its own with node.name. If that server is gone for good, wait until then, and start this one again.`,
  )
}
