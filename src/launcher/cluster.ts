import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../log.ts'
import { clusterLog, type ClusterLog } from './cluster-log.ts'
import { ClusterJobs } from './cluster-jobs.ts'
import { ClusterVerbs } from './cluster-verbs.ts'
import { nodesRequest, reloadRequest } from './job-requests.ts'
import { PluginProcess, type PluginProcessOptions, type PluginState } from './plugin-process.ts'
import { RESPONSES, type LoadBalancerNode } from './protocol-schemas.ts'
import type { PluginVersion } from './running-plugin.ts'

/** A Launcher cluster: its plugin, and by what name it is known. */
export interface ClusterOptions extends Omit<PluginProcessOptions, 'log'> {
  readonly name: string
  /** True if the Launcher cannot do without it: then it does not start when this plugin does not. */
  readonly isRequired: boolean
  /** Throws PluginError with the reason if no job may run as this user; without it that is for the plugin to say. */
  readonly checkUser?: ((user: string) => Promise<unknown>) | undefined
}

/** Since which version of the API plugins know these requests; older ones may end when they hear them. */
const KNOWS_NODES = { major: 3, minor: 5 }
const KNOWS_RELOAD = { major: 3, minor: 6 }

/** Milliseconds within which several news of the nodes become one. */
const GATHER_NODES = 100

/** One plugin and its jobs. What goes wrong with it goes wrong here only. */
export class LauncherCluster {
  readonly name: string
  readonly isRequired: boolean
  readonly jobs: ClusterJobs
  readonly verbs: ClusterVerbs
  readonly #plugin: PluginProcess
  readonly #log: ClusterLog
  #nodes: readonly LoadBalancerNode[] | undefined
  #telling: Promise<void> | undefined

  /** `standard` is the name of the default cluster, `instanceId` that of the Launcher in its jobs. */
  constructor(
    parts: ClusterOptions & { standard: string; instanceId?: string | undefined; log: Log },
  ) {
    const { name, isRequired, standard, instanceId, checkUser } = parts
    const log = clusterLog(parts.log, name)
    this.name = name
    this.isRequired = isRequired
    this.#log = log
    const plugin = new PluginProcess({ ...parts, log })
    this.#plugin = plugin
    this.jobs = new ClusterJobs({ plugin, name, standard, instanceId, checkUser, log })
    this.verbs = new ClusterVerbs({ plugin, jobs: this.jobs, log })
  }

  /** How its plugin is just now. */
  get state(): PluginState {
    return this.#plugin.state
  }

  /** Starts the plugin. Throws if it is required and cannot be started; any other is tried again in the background. */
  async start(): Promise<void> {
    this.#plugin.onReady(() => this.#tellNodes())
    if (this.isRequired) await this.#plugin.start()
    else this.#plugin.keepStarting()
    this.jobs.start()
  }

  /** Ends the plugin; its jobs run on. */
  async stop(): Promise<void> {
    await this.jobs.stop()
    await this.#plugin.stop()
    await this.#telling
  }

  /** Tells the plugin, now and after each start, which Launchers stand behind one load balancer with this one. */
  setNodes(nodes: readonly LoadBalancerNode[]): void {
    this.#nodes = nodes
    this.#tellNodes()
  }

  /**
   * Lets the plugin read its configuration again, and answers one of RELOAD_ERROR and why; null if the plugin cannot do that
   * while it runs. Throws PluginError while it is away.
   */
  async reload(): Promise<{ readonly errorType: number; readonly errorMessage: string } | null> {
    if (!knows(this.state.version, KNOWS_RELOAD)) return null
    return this.#plugin.request(reloadRequest(), RESPONSES.configReload)
  }

  #tellNodes(): void {
    this.#telling ??= this.#pushNodes().finally(() => (this.#telling = undefined))
  }

  async #pushNodes(): Promise<void> {
    for (let told; told !== this.#nodes;) {
      await delay(GATHER_NODES)
      const { isReady, version } = this.state
      if (this.#nodes === undefined || !isReady || !knows(version, KNOWS_NODES)) return
      told = this.#nodes
      try {
        await this.#plugin.request(nodesRequest(told), RESPONSES.loadBalancerNodes)
      } catch (error) {
        // It is advice; a plugin that has ended hears it when it is back.
        this.#log.debug({ err: error }, 'The plugin was not told the nodes')
      }
    }
  }
}

function knows(version: PluginVersion | null, since: { major: number; minor: number }): boolean {
  return version !== null && version.major === since.major && version.minor >= since.minor
}
