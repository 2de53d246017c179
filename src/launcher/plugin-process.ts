import { EventEmitter, once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { z } from 'zod'
import type { ClusterLog } from './cluster-log.ts'
import type { AnswerStream } from './answer-stream.ts'
import { PLUGIN_ERROR, PluginError } from './plugin-error.ts'
import type { PluginRequest } from './plugin-connection.ts'
import { NO_METRICS, withReport, type PluginMetrics } from './plugin-metrics.ts'
import { restartDelay } from './restart-delay.ts'
import {
  bootstrap,
  spawnPlugin,
  watchHeart,
  type PluginVersion,
  type RunningPlugin,
} from './running-plugin.ts'

/** How a plugin is run; times in ms. */
export interface PluginProcessOptions {
  readonly command: string
  readonly args: readonly string[]
  /** The whole environment of the plugin; by default our own. */
  readonly environment?: NodeJS.ProcessEnv | undefined
  readonly log: ClusterLog
  /** A plugin that says or reads nothing for three of these is killed and started again; 0 is never. Default 5 000. */
  readonly heartbeatInterval?: number | undefined
  /** Default 30 000. */
  readonly requestTimeout?: number | undefined
  /** Default 120 000, as Posit's `bootstrap-timeout-seconds`. */
  readonly bootstrapTimeout?: number | undefined
  /** The most bytes of a message, both ways. Default 5 242 880, as Posit's `max-message-size`. */
  readonly maxMessageBytes?: number | undefined
}

/** How a plugin is just now. */
export interface PluginState {
  readonly isReady: boolean
  /** The version of the API that it speaks, or spoke before it ended; null until it has said so. */
  readonly version: PluginVersion | null
  /** Starts in a row that failed or were soon over. */
  readonly failures: number
  /** Starts after the first. */
  readonly restarts: number
  /** Why it is not ready, when it has been tried. */
  readonly problem: string | null
  readonly metrics: PluginMetrics
}

/** A plugin that has run this long (ms) starts with a clean slate when it ends. */
const STABLE_AFTER = 10_000
/** Milliseconds that a plugin has to end by itself once its input has ended. */
const STOP_LIMIT = 3_000

/** Keeps one plugin running: bootstraps it, listens for signs of life, starts it again with growing delays. */
export class PluginProcess {
  readonly #options: PluginProcessOptions
  readonly #stopping = new AbortController()
  readonly #events = new EventEmitter<{ ready: [] }>().setMaxListeners(0)
  #spawned: RunningPlugin | undefined
  #running: RunningPlugin | undefined
  #supervision: Promise<void> | undefined
  #starts = 0
  #failures = 0
  #version: PluginVersion | null = null
  #problem: string | null = null
  #metrics: PluginMetrics = NO_METRICS

  constructor(options: PluginProcessOptions) {
    this.#options = options
  }

  /** How the plugin is just now. */
  get state(): PluginState {
    return {
      isReady: this.#running !== undefined,
      version: this.#version,
      failures: this.#failures,
      restarts: Math.max(0, this.#starts - 1),
      problem: this.#problem,
      metrics: this.#metrics,
    }
  }

  /** Starts the plugin and keeps it running. Throws when the first bootstrap fails. */
  async start(): Promise<void> {
    const first = await this.#launch()
    this.#supervision = this.#supervise(first)
  }

  /** Begins to start the plugin, as often as it takes, and keeps it running. */
  keepStarting(): void {
    this.#supervision = this.#supervise(undefined)
  }

  /** Ends the plugin; its jobs run on. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    const spawned = this.#spawned
    if (spawned !== undefined) {
      spawned.finish()
      const late = setTimeout(() => spawned.kill(), STOP_LIMIT)
      await spawned.gone
      clearTimeout(late)
    }
    await this.#supervision
  }

  /** Calls `listener` each time the plugin has been started. */
  onReady(listener: () => void): void {
    this.#events.on('ready', listener)
  }

  /** Waits until the plugin can be asked. Throws when `signal` aborts. */
  async ready(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#running === undefined) await once(this.#events, 'ready', { signal })
  }

  /** The answer to one request; throws PluginError as PluginConnection does, at once while the plugin is away. */
  async request<S extends z.ZodType>(fields: PluginRequest, schema: S): Promise<z.output<S>> {
    const timeout = this.#options.requestTimeout ?? 30_000
    return this.#present().connection.request(fields, schema, timeout)
  }

  /** The answers to a request with many; throws PluginError while the plugin is away. */
  stream<S extends z.ZodType>(fields: PluginRequest, schema: S): AnswerStream<z.output<S>> {
    return this.#present().connection.stream(fields, schema)
  }

  #present(): RunningPlugin {
    if (this.#running !== undefined) return this.#running
    const problem = this.#problem === null ? '' : `: ${this.#problem}`
    throw new PluginError(PLUGIN_ERROR.pluginRestarted, `the plugin is being started${problem}`)
  }

  async #supervise(first: RunningPlugin | undefined): Promise<void> {
    const { signal } = this.#stopping
    let running = first ?? (await this.#tryToLaunch())
    while (!signal.aborted) {
      if (running !== undefined) {
        const startedAt = performance.now()
        const reason = await running.gone
        if (signal.aborted) return
        if (performance.now() - startedAt > STABLE_AFTER) this.#failures = 0
        this.#options.log.warn({ reason }, 'The plugin has ended; it is started again')
      }
      await delay(restartDelay(this.#failures++), undefined, { signal }).catch(() => {})
      if (signal.aborted) return
      running = await this.#tryToLaunch()
    }
  }

  async #tryToLaunch(): Promise<RunningPlugin | undefined> {
    try {
      return await this.#launch()
    } catch (error) {
      this.#options.log.error({ err: error }, 'The plugin cannot be started')
      return undefined
    }
  }

  async #launch(): Promise<RunningPlugin> {
    this.#starts++
    const { log, bootstrapTimeout = 120_000, heartbeatInterval = 5_000 } = this.#options
    const onReport = (report: Parameters<typeof withReport>[1]) =>
      void (this.#metrics = withReport(this.#metrics, report))
    const running = spawnPlugin({ ...this.#options, onReport })
    this.#spawned = running
    void running.gone.then((reason) => {
      if (this.#running === running) this.#running = undefined
      this.#problem = reason
    })
    try {
      this.#version = await bootstrap(running, bootstrapTimeout)
      this.#stopping.signal.throwIfAborted()
    } catch (error) {
      running.kill()
      await running.gone
      this.#problem = error instanceof Error ? error.message : String(error)
      throw error
    }
    this.#running = running
    this.#problem = null
    const onSilence = () => log.warn({ heartbeatInterval }, 'The plugin is silent; it is killed')
    if (heartbeatInterval > 0) watchHeart(running, { interval: heartbeatInterval, onSilence })
    this.#events.emit('ready')
    return running
  }
}
