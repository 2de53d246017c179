import { EventEmitter } from 'node:events'
import { hostname } from 'node:os'
import { nanoid } from 'nanoid'
import {
  gossipKey,
  type MemberMeta,
  type Membership,
  SingleMembership,
  SwimMembership,
  UdpTransport,
} from '../cluster/index.ts'
import type { ClusterKey } from './auth/cluster-key.ts'
import { dataPaths, type Config } from './config.ts'
import type { Log } from './log.ts'
import { checkCluster, checkOthers, type OwnFacts } from './nodes/cluster-check.ts'
import { PROTOCOL } from './nodes/cluster-node.ts'
import { gossipPlace } from './nodes/gossip-place.ts'
import { KnownNodes } from './nodes/known-nodes.ts'
import { NodeLease } from './nodes/node-lease.ts'
import type { ClusterRow, NodeStore } from './nodes/node-store.ts'
import { seedsOf } from './nodes/seeds-of.ts'
import { addressesOf, interfaceAddresses } from './nodes/own-addresses.ts'
import { ownUrl, withPort } from './nodes/own-url.ts'
import { tellGossip } from './nodes/tell-gossip.ts'

/** What joining a cluster needs. */
export interface JoinParts {
  readonly config: Config
  /** The name of this node. */
  readonly name: string
  readonly version: string
  readonly store: NodeStore
  /** The name of its data directory on this machine. */
  readonly installation: string
  readonly clusterKey: ClusterKey
  /** The keys of the gossip, if they are not made from the cluster key. */
  readonly gossipKeys: readonly Uint8Array[] | undefined
  /** False while this node hears no hints of the database. */
  readonly listening: () => boolean
  /** The address that connections to the database come from, if it is known. */
  readonly toDatabase: () => Promise<string | undefined>
  /** What each of the other nodes that answer finds under this host's name. */
  readonly resolvedByPeers: (nodes: KnownNodes) => Promise<readonly (readonly string[])[]>
  readonly log: Log
}

/** This node as a part of its cluster: its row in the nodes table, its lease, and its membership by gossip. */
export interface JoinedNode {
  readonly membership: Membership
  readonly nodes: KnownNodes
  readonly lease: NodeLease
  /** Tells when something of a node may have changed. */
  readonly news: EventEmitter<{ changed: [] }>
  /** Tells the others where this node answers, by the port that it listens on, and begins to gossip. Throws BindError. */
  appear(port: number): Promise<void>
  /** Tells the others that it goes soon, so that it gets no new sessions. */
  startLeaving(): void
  /** Leaves in order: the name is free at once, and nobody waits for this node. */
  leave(): Promise<void>
}

/**
 * Takes this node's name in the cluster of the database. Throws JoinError, or another Error fit for an operator, if it does
 * not belong there, and DATABASE_UNAVAILABLE.
 */
export async function joinCluster(parts: JoinParts): Promise<JoinedNode> {
  const { config, name, version, store, log } = parts
  const enabled = config.cluster.enabled
  const cluster = await checkedCluster(parts)
  const nodes = new KnownNodes({ store })
  await nodes.readAll()
  const url = enabled ? await findOwnUrl(parts, nodes) : plainUrl(config)
  const bootId = nanoid()
  const place = enabled ? await gossipPlaceOf(config, url) : undefined
  let currentUrl = url
  const lease = new NodeLease({
    store,
    listening: parts.listening,
    log,
    node: {
      name,
      bootId,
      version,
      url,
      installation: parts.installation,
      gossipAddress: place === undefined ? null : '',
      lease: config.cluster.lease_seconds * 1000,
    },
  })
  const meta: MemberMeta = { version, sessions: 0, load: 0, draining: false }
  const membership =
    place === undefined
      ? new SingleMembership({ name, bootId, startedAt: Date.now(), url, meta })
      : new SwimMembership({
          name,
          bootId,
          url: () => currentUrl,
          meta,
          transport: new UdpTransport({ ip: place.bind, port: config.gossip.port }),
          advertise: { ip: place.advertise },
          keys: gossipKeysOf(parts),
          label: cluster.id,
          seeds: () => seedsOf(config, nodes.all(), name),
        })
  tellGossip(membership, log)
  const news = newsOf(membership, nodes)
  await lease.take()
  try {
    // Once more, as of two that come at the same moment neither has seen the other.
    checkOthers(ownFacts(parts), await store.all())
  } catch (error) {
    await lease.release()
    throw error
  }
  return {
    news,
    membership,
    nodes,
    lease,
    async appear(port) {
      currentUrl = withPort(url, port)
      await membership.join()
      lease.moved(currentUrl, place === undefined ? null : membership.local.address)
      await lease.renew()
      await nodes.readAll()
      log.info({ url: currentUrl, gossip: membership.local.address }, 'this node is in its cluster')
    },
    startLeaving: () => membership.startLeaving(),
    async leave() {
      await nodes.stop()
      await lease.release()
      await membership.leave()
    },
  }
}

function newsOf(membership: Membership, nodes: KnownNodes): EventEmitter<{ changed: [] }> {
  const news = new EventEmitter<{ changed: [] }>()
  news.setMaxListeners(0)
  const changed = () => void news.emit('changed')
  for (const event of ['join', 'restart', 'leave', 'fail'] as const) membership.on(event, changed)
  // Its load changes all the time, and is looked at by itself.
  membership.on('update', (member, before) => {
    const isDrained = member.meta.draining !== before.meta.draining
    if (member.state !== before.state || isDrained) changed()
  })
  nodes.on('changed', changed)
  return news
}

async function checkedCluster(parts: JoinParts): Promise<ClusterRow> {
  const { store } = parts
  const own = ownFacts(parts)
  const askedAt = Date.now()
  const cluster = await store.cluster(own)
  checkCluster(own, cluster, { askedAt, answeredAt: Date.now() })
  checkOthers(own, await store.all())
  return cluster
}

function ownFacts({ config, clusterKey, name }: JoinParts): OwnFacts {
  return {
    name,
    keyFingerprint: clusterKey.fingerprint,
    keyFile: dataPaths(config).clusterKey,
    protocol: PROTOCOL,
    enabled: config.cluster.enabled,
  }
}

async function findOwnUrl(parts: JoinParts, nodes: KnownNodes): Promise<string> {
  const { config, log } = parts
  const host = hostname()
  const { url, why } = ownUrl({
    configured: config.node.url,
    host: config.server.host,
    port: config.peer.port ?? config.server.port,
    scheme: config.peer.port === undefined ? 'http' : 'https',
    hostname: host,
    interfaces: interfaceAddresses(),
    resolved: [await addressesOf(host), ...(await parts.resolvedByPeers(nodes))],
    toDatabase: await parts.toDatabase(),
  })
  log.info({ url, why }, 'the other nodes reach this one here')
  return url
}

function plainUrl({ server }: Config): string {
  const host = ['0.0.0.0', '::'].includes(server.host) ? hostname() : server.host
  return `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`
}

async function gossipPlaceOf(config: Config, url: string) {
  return gossipPlace({
    configured: config.gossip.host,
    reached: await addressesOf(new URL(url).hostname),
    interfaces: interfaceAddresses(true),
  })
}

function gossipKeysOf({ gossipKeys, clusterKey }: JoinParts): readonly Uint8Array[] {
  return gossipKeys ?? [gossipKey(clusterKey.derive('gossip'))]
}
