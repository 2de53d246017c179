import { createServer } from 'node:http'
import { dirname } from 'node:path'
import { geteuid } from 'node:process'
import type { Account } from '../accounts.ts'
import { peerCredentialsReader } from '../linux/peer-credentials.ts'
import type { Log } from '../log.ts'
import { launcherApi } from './api.ts'
import type { ClusterOptions } from './cluster.ts'
import { Gate } from './gate.ts'
import { launcherKey } from './launcher-key.ts'
import { LauncherJobs } from './launcher-jobs.ts'
import type { SignIn } from './sign-in.ts'
import { listenOnUnixSocket, ownDirectory } from './unix-socket.ts'

/** The name of the Launcher cluster that runs jobs on this machine. */
export const LOCAL_CLUSTER = 'Local'

type PluginLimits = Omit<ClusterOptions, 'name' | 'isRequired' | 'command' | 'args'>

/** How the Launcher is run: with several Launcher clusters, or with the plugin of a single one called Local. */
export type LauncherServiceOptions = {
  /** Path of the unix socket where the Launcher answers. */
  readonly socket: string
  /** The file with the key that each request carries; it is made if it is not there. */
  readonly keyFile: string
  /** The account of the nodes, which beside root and our own may connect; undefined if it is our own. */
  readonly nodeAccount?: Pick<Account, 'uid' | 'gid'> | undefined
  readonly log: Log
  /** Who signs people in; without it nobody can by password. */
  readonly signIn?: Pick<SignIn, 'authenticate'> | undefined
  /** Names the Launcher in the jobs that it submits. */
  readonly instanceId?: string | undefined
} & (
  | { /** The first is the default one. */ readonly clusters: readonly ClusterOptions[] }
  | (PluginLimits & { readonly plugin: Pick<ClusterOptions, 'command' | 'args'> })
)

/** The Launcher: an HTTP API on a unix socket, and the plugins behind it. Its end ends no job. */
export class LauncherService {
  readonly #options: LauncherServiceOptions
  readonly #jobs: LauncherJobs
  readonly #server = createServer()

  constructor(options: LauncherServiceOptions) {
    this.#options = options
    this.#jobs = new LauncherJobs({ ...options, clusters: clustersOf(options) })
  }

  /**
   * Listens and starts the plugins; until a plugin is there its jobs are answered LAUNCHER_UNAVAILABLE. Throws an Error
   * fit for an operator if another launcher listens on the socket, its key cannot be used, or a required plugin cannot be
   * started.
   */
  async start(): Promise<void> {
    const { socket, keyFile, nodeAccount, signIn, log } = this.#options
    ownDirectory(dirname(socket), nodeAccount?.gid)
    const gate = new Gate({
      key: launcherKey(keyFile, nodeAccount?.gid),
      uids: [0, geteuid?.() ?? 0, ...(nodeAccount ? [nodeAccount.uid] : [])],
      readPeer: peerCredentialsReader(),
      log,
    })
    const answer = launcherApi({ jobs: this.#jobs, signIn, log }).callback()
    // Before the HTTP server's own, so that it reads nothing of a connection that is refused.
    this.#server.prependListener('connection', (peer) => gate.checkPeer(peer))
    this.#server.on('request', (request, response) => {
      // Koa answers errors itself, so that its promise never fails.
      if (gate.opens(request, response)) void answer(request, response)
    })
    await listenOnUnixSocket(this.#server, socket, nodeAccount?.gid)
    try {
      await this.#jobs.start()
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  /** Lets all plugins read their configuration again, and logs what goes wrong. */
  async reload(): Promise<void> {
    await this.#jobs.reload()
  }

  /** Ends the plugins and breaks off all streams; jobs run on. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await this.#jobs.stop()
    await closed
  }
}

function clustersOf(options: LauncherServiceOptions): readonly ClusterOptions[] {
  if ('clusters' in options) return options.clusters
  const { plugin, ...limits } = options
  return [{ ...limits, ...plugin, name: LOCAL_CLUSTER, isRequired: true }]
}
