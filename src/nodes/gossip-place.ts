import { isIPv6 } from 'node:net'

/** Where this node gossips: the IP address that it binds to, and the one that it tells others. */
export interface GossipPlace {
  readonly bind: string
  readonly advertise: string
}

const WILDCARDS = ['0.0.0.0', '::']

/**
 * Decides where to gossip: at `gossip.host`, else at the address at which the other nodes reach this one. If that is none of
 * this server's own, as behind a network address translation, at all of its own.
 */
export function gossipPlace(known: {
  /** `gossip.host`, if it is configured. */
  readonly configured: string | undefined
  /** The IP addresses of the host in this node's URL. */
  readonly reached: readonly string[]
  /** The IP addresses of this server's interfaces, with loopback. */
  readonly interfaces: readonly string[]
}): GossipPlace {
  const { configured, reached, interfaces } = known
  const own = reached.find((ip) => interfaces.includes(ip))
  const advertise = own ?? reached[0]
  if (configured !== undefined && !WILDCARDS.includes(configured)) {
    return { bind: configured, advertise: configured }
  }
  if (advertise === undefined) {
    throw new Error(
      'The host in node.url has no IP address. Set gossip.host to the address of this server at which it may gossip.',
    )
  }
  if (configured !== undefined) return { bind: configured, advertise }
  return { bind: own ?? (isIPv6(advertise) ? '::' : '0.0.0.0'), advertise }
}
