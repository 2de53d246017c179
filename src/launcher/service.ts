import { createServer, type Server } from 'node:http'
import type { Log } from '../log.ts'
import { launcherApi } from './api.ts'
import { LauncherJobs } from './launcher-jobs.ts'
import { PluginProcess } from './plugin-process.ts'
import type { SignIn } from './sign-in.ts'
import { listenOnUnixSocket } from './unix-socket.ts'

/** How the Launcher is run; times in ms, with the defaults of PluginProcessOptions. */
export interface LauncherServiceOptions {
  /** Path of the unix socket where the Launcher answers. */
  readonly socket: string
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
  readonly #socket: string
  readonly #plugin: PluginProcess
  readonly #jobs: LauncherJobs
  readonly #server: Server

  constructor({ socket, log, signIn, plugin, ...limits }: LauncherServiceOptions) {
    this.#socket = socket
    this.#plugin = new PluginProcess({ ...plugin, ...limits, log })
    this.#jobs = new LauncherJobs({ plugin: this.#plugin, log })
    const answer = launcherApi({ jobs: this.#jobs, signIn, log }).callback()
    // Koa answers errors itself, so that its promise never fails.
    this.#server = createServer((request, response) => void answer(request, response))
  }

  /**
   * Listens and starts the plugin; until that is done requests are answered LAUNCHER_UNAVAILABLE. Throws an Error fit
   * for an operator if another launcher listens on the socket, or the plugin cannot be started.
   */
  async start(): Promise<void> {
    await listenOnUnixSocket(this.#server, this.#socket)
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
