import type { SendHandle } from 'node:child_process'
import type { LiveConfig } from './config/live-config.ts'
import type { Config } from './config.ts'
import type { OwnProgram } from './ides/own-program.ts'
import type { Log } from './log.ts'
import { joinCluster } from './node-cluster.ts'
import type { NodeFiles } from './node-files.ts'
import { PeerClient } from './peers/peer-client.ts'
import { resolvedByPeers } from './peers/resolved-by-peers.ts'
import { SealedHops } from './peers/sealed-hops.ts'
import { awaitDatabase } from './postgres/await-database.ts'
import { HintListener } from './postgres/hints.ts'
import { migrate } from './postgres/migrate.ts'
import { PostgresNodeStore } from './postgres/node-store.ts'
import { serveNode } from './serve-node.ts'
import { singleUser } from './session-users.ts'

/** What a node is told by the process that it is. */
export interface NodeOptions {
  readonly live: LiveConfig
  readonly files: NodeFiles
  readonly log: Log
  readonly version: string
  /** The folder with the built pages. */
  readonly webDirectory: string
  /** What runs the command line of this Atelier in sessions. */
  readonly program: OwnProgram
  /** True for the first node of an `atelier start`: it makes a sign-in link. */
  readonly withSignInLink: boolean
  /** The socket to listen on, when another process holds it open: a handle, or `{fd}` for one that was inherited. */
  readonly listener?: Promise<object>
  readonly signal: AbortSignal
}

/** A node that serves. */
export interface RunningNode {
  readonly port: number
  /** The handle of the listening socket, for a process that is to hold it open. */
  readonly handle: SendHandle | undefined
  /** The token of a one-time sign-in link, if one was asked for. */
  readonly signInToken: string | undefined
  /** Aborted, with the reason, when another start of this node has taken its place, so that this one must end. */
  readonly superseded: AbortSignal
  /** Finishes requests in flight, for 10 s at most, and closes everything; sessions go on. */
  stop(): Promise<void>
}

/**
 * Opens the database, joins the cluster and serves. Waits for a database that does not answer yet. Throws when the
 * configuration, the key, the schema, the cluster or the port makes it impossible to serve; nothing of it is left then.
 */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const { live, log, signal, version, files } = options
  const { config } = live
  const user = singleUser(config)
  const { node, installation, clusterKey, gossipKeys, peerTls } = files
  const source = requireDatabase(config)
  const database = await awaitDatabase({ source, applicationName: 'atelier node', log, signal })
  const hopping = new SealedHops({ key: clusterKey.derive('peer hops'), node })
  const peerClient = new PeerClient({ hops: hopping, tls: peerTls })
  const hints = new HintListener({ config: database.config, log })
  const nodeStore = new PostgresNodeStore({ database })
  const close = async () => {
    await database.close()
    await peerClient.close()
  }
  try {
    await migrate({ database, log })
    const joined = await joinCluster({
      config,
      name: node,
      version,
      store: nodeStore,
      installation,
      clusterKey,
      gossipKeys,
      listening: () => hints.listening,
      toDatabase: () => database.clientAddress(),
      resolvedByPeers: (known) => resolvedByPeers(known.all(), node, peerClient),
      log,
    })
    const opened = { user, node, clusterKey, peerTls, database, hints, nodeStore }
    const parts = { ...options, ...opened, hopping, peerClient, joined, close }
    return await serveNode(parts).catch(async (error: unknown) => {
      await joined.leave()
      throw error
    })
  } catch (error) {
    await close()
    throw error
  }
}

function requireDatabase({ database }: Config): string {
  if (database.url !== undefined) return database.url
  throw new Error('database.url is not set. Only "atelier start" brings a database of its own.')
}
