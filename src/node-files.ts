import { mkdirSync } from 'node:fs'
import { readClusterKey, type ClusterKey } from './auth/cluster-key.ts'
import { dataPaths, type Config } from './config.ts'
import { readInstallation } from './installation.ts'
import { nodeName } from './node-name.ts'
import { readGossipKeys } from './nodes/gossip-keys.ts'
import { readPeerTls, type PeerTls } from './peers/peer-tls.ts'

/** What a node knows from files before it speaks to anybody: only root may be able to read, or to make, them. */
export interface NodeFiles {
  /** The name of this node. */
  readonly node: string
  /** The name of its data directory on this machine. */
  readonly installation: string
  readonly clusterKey: ClusterKey
  /** The keys of the gossip, if they are not made from the cluster key. */
  readonly gossipKeys: readonly Uint8Array[] | undefined
  readonly peerTls: (PeerTls & { readonly port: number }) | undefined
}

/** Reads them, and makes those that the first start makes. Throws an Error fit for an operator. */
export function readNodeFiles(config: Config): NodeFiles {
  mkdirSync(config.data.directory, { recursive: true, mode: 0o755 })
  const { key_file: gossipKeyFile } = config.gossip
  return {
    node: nodeName(config),
    installation: readInstallation(dataPaths(config).installation),
    clusterKey: readClusterKey(dataPaths(config).clusterKey),
    gossipKeys: gossipKeyFile === undefined ? undefined : readGossipKeys(gossipKeyFile),
    peerTls: readPeerTls(config),
  }
}
