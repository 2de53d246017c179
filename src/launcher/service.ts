import { createServer, type Server } from 'node:http'
import type { Log } from '../log.ts'
import { launcherApi } from './api.ts'
import type { ClusterOptions } from './cluster.ts'
import { LauncherJobs } from './launcher-jobs.ts'
import { listenOnUnixSocket } from './unix-socket.ts'

/** The name of the Launcher cluster that runs jobs on this machine. */
export const LOCAL_CLUSTER = 'Local'

type PluginLimits = Omit<ClusterOptions, 'name' | 'isRequired' | 'command' | 'args'>

/** How the Launcher is run: with several Launcher clusters, or with the plugin of a single one called Local. */
export type LauncherServiceOptions = {
  /** Path of the unix socket where the Launcher answers. */
  readonly socket: string
  readonly log: Log
  /** Names the Launcher in the jobs that it submits. */
  readonly instanceId?: string
} & (
  | { /** The first is the default one. */ readonly clusters: readonly ClusterOptions[] }
  | (PluginLimits & { readonly plugin: Pick<ClusterOptions, 'command' | 'args'> })
)

/** The Launcher: an HTTP API on a unix socket, and the plugins behind it. Its end ends no job. */
export class LauncherService {
  readonly #socket: string
  readonly #jobs: LauncherJobs
  readonly #server: Server

  constructor(options: LauncherServiceOptions) {
    const { socket, log, instanceId } = options
    this.#socket = socket
    const clusters = clustersOf(options)
    this.#jobs = new LauncherJobs({ clusters, log, ...(instanceId && { instanceId }) })
    const answer = launcherApi({ jobs: this.#jobs, log }).callback()
    // Koa answers errors itself, so that its promise never fails.
    this.#server = createServer((request, response) => void answer(request, response))
  }

  /**
   * Listens and starts the plugins; until a plugin is there its jobs are answered LAUNCHER_UNAVAILABLE. Throws an Error
   * fit for an operator if another launcher listens on the socket, or a required plugin cannot be started.
   */
  async start(): Promise<void> {
    await listenOnUnixSocket(this.#server, this.#socket)
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
