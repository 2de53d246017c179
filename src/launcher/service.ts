import { createServer } from 'node:http'
import { dirname } from 'node:path'
import { geteuid } from 'node:process'
import type { Account } from '../accounts.ts'
import { peerCredentialsReader } from '../linux/peer-credentials.ts'
import type { Log } from '../log.ts'
import { launcherApi } from './api.ts'
import { Gate } from './gate.ts'
import { launcherKey } from './launcher-key.ts'
import { LauncherJobs } from './launcher-jobs.ts'
import { PluginProcess } from './plugin-process.ts'
import type { SignIn } from './sign-in.ts'
import { listenOnUnixSocket, ownDirectory } from './unix-socket.ts'

/** How the Launcher is run; times in ms, with the defaults of PluginProcessOptions. */
export interface LauncherServiceOptions {
  /** Path of the unix socket where the Launcher answers. */
  readonly socket: string
  /** The file with the key that each request carries; it is made if it is not there. */
  readonly keyFile: string
  /** The account of the nodes, which beside root and our own may connect; undefined if it is our own. */
  readonly nodeAccount?: Pick<Account, 'uid' | 'gid'> | undefined
  readonly log: Log
  /** Who signs people in; without it nobody can by password. */
  readonly signIn?: Pick<SignIn, 'authenticate'> | undefined
  readonly plugin: { readonly command: string; readonly args: readonly string[] }
  readonly heartbeatInterval?: number
  readonly requestTimeout?: number
  readonly bootstrapTimeout?: number
}

/** The Launcher: an HTTP API on a unix socket, and the plugin behind it. Its end ends no job. */
export class LauncherService {
  readonly #options: LauncherServiceOptions
  readonly #plugin: PluginProcess
  readonly #jobs: LauncherJobs
  readonly #server = createServer()

  constructor(options: LauncherServiceOptions) {
    this.#options = options
    this.#plugin = new PluginProcess({ ...options.plugin, ...limitsOf(options), log: options.log })
    this.#jobs = new LauncherJobs({ plugin: this.#plugin, log: options.log })
  }

  /**
   * Listens and starts the plugin; until that is done requests are answered LAUNCHER_UNAVAILABLE. Throws an Error fit
   * for an operator if another launcher listens on the socket, its key cannot be used, or the plugin cannot be started.
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
      await this.#plugin.start()
    } catch (error) {
      await this.stop()
      throw error
    }
    this.#jobs.start()
  }

  /** Ends the plugin and breaks off all streams; jobs run on. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await this.#jobs.stop()
    await this.#plugin.stop()
    await closed
  }
}

function limitsOf({ heartbeatInterval, requestTimeout, bootstrapTimeout }: LauncherServiceOptions) {
  return { heartbeatInterval, requestTimeout, bootstrapTimeout }
}
