import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { z } from 'zod'
import type { Log } from '../log.ts'
import { PLUGIN_ERROR, PluginError } from './plugin-error.ts'
import { PluginConnection, type AnswerStream, type PluginRequest } from './plugin-connection.ts'
import { API_VERSION, REQUEST } from './protocol.ts'
import { RESPONSES } from './protocol-schemas.ts'
import { restartDelay } from './restart-delay.ts'

/** How a plugin is run; times in ms. */
export interface PluginProcessOptions {
  readonly command: string
  readonly args: readonly string[]
  readonly log: Log
  /** A plugin that says nothing for three of these is killed and started again. Default 5 000. */
  readonly heartbeatInterval?: number | undefined
  /** Default 30 000. */
  readonly requestTimeout?: number | undefined
  /** Default 120 000, as Posit's `bootstrap-timeout-seconds`. */
  readonly bootstrapTimeout?: number | undefined
}

interface Running {
  readonly connection: PluginConnection
  /** Ends the plugin's input, which tells it to end. */
  finish(): void
  kill(): void
  /** Resolves with the reason once the process is gone. */
  readonly gone: Promise<string>
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
  #spawned: Running | undefined
  #running: Running | undefined
  #supervision: Promise<void> | undefined
  #failures = 0

  constructor(options: PluginProcessOptions) {
    this.#options = options
  }

  /** True while the plugin is bootstrapped and running. */
  get isReady(): boolean {
    return this.#running !== undefined
  }

  /** Restarts in a row; counted anew when a plugin ends that has run for more than ten seconds. */
  get failures(): number {
    return this.#failures
  }

  /** Starts the plugin and keeps it running. Throws when the first bootstrap fails. */
  async start(): Promise<void> {
    const first = await this.#launch()
    this.#supervision = this.#supervise(first)
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

  /** Waits until the plugin can be asked. Throws when `signal` aborts. */
  async ready(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (!this.isReady) await once(this.#events, 'ready', { signal })
  }

  /** The answer to one request; throws PluginError as PluginConnection does, at once while the plugin is away. */
  async request<S extends z.ZodType>(fields: PluginRequest, schema: S): Promise<z.output<S>> {
    const timeout = this.#options.requestTimeout ?? 30_000
    return this.#connection().request(fields, schema, timeout)
  }

  /** The answers to a request with many; throws PluginError while the plugin is away. */
  stream<S extends z.ZodType>(fields: PluginRequest, schema: S): AnswerStream<z.output<S>> {
    return this.#connection().stream(fields, schema)
  }

  #connection(): PluginConnection {
    if (this.#running !== undefined) return this.#running.connection
    throw new PluginError(PLUGIN_ERROR.pluginRestarted, 'the plugin is being restarted')
  }

  async #supervise(first: Running): Promise<void> {
    const { signal } = this.#stopping
    let running: Running | undefined = first
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
      running = await this.#launch().catch((error: unknown) => {
        this.#options.log.error({ err: error }, 'The plugin cannot be started')
        return undefined
      })
    }
  }

  async #launch(): Promise<Running> {
    const running = this.#spawn()
    try {
      const { version } = await running.connection.request(
        { messageType: REQUEST.bootstrap, version: API_VERSION },
        RESPONSES.bootstrap,
        this.#options.bootstrapTimeout ?? 120_000,
      )
      if (version.major !== API_VERSION.major) {
        throw new PluginError(
          PLUGIN_ERROR.unsupportedVersion,
          `the plugin speaks version ${version.major} of the API, not ${API_VERSION.major}`,
        )
      }
      this.#stopping.signal.throwIfAborted()
    } catch (error) {
      running.kill()
      await running.gone
      throw error
    }
    this.#running = running
    this.#watchHeart(running)
    this.#events.emit('ready')
    return running
  }

  #spawn(): Running {
    const { command, args, log } = this.#options
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    const connection = new PluginConnection({ input: child.stdin })
    let reason: string | undefined
    const gone = new Promise<string>((resolve) => {
      const end = (how: string) => {
        reason ??= how
        if (this.#running?.connection === connection) this.#running = undefined
        connection.close(reason)
        resolve(reason)
      }
      child.once('error', (error) => end(`the plugin cannot be run: ${error.message}`))
      child.once('exit', (code, signal) => end(`the plugin ended with ${signal ?? `code ${code}`}`))
    })
    connection.read(child.stdout).catch((error: unknown) => {
      reason ??= error instanceof Error ? error.message : String(error)
      log.debug({ reason }, 'The plugin broke the protocol')
      child.kill('SIGKILL')
    })
    this.#spawned = {
      connection,
      gone,
      finish: () => child.stdin.end(),
      kill: () => child.kill('SIGKILL'),
    }
    return this.#spawned
  }

  #watchHeart(running: Running): void {
    const interval = this.#options.heartbeatInterval ?? 5_000
    let lastTick = performance.now()
    const timer = setInterval(() => {
      const sinceLastTick = performance.now() - lastTick
      lastTick += sinceLastTick
      // After a pause of our own, what the plugin has said meanwhile is not read yet.
      const isLate = sinceLastTick > 2 * interval
      if (!isLate && running.connection.silence > 3 * interval) {
        this.#options.log.warn({ interval }, 'The plugin is silent; it is killed')
        running.kill()
      } else {
        running.connection.heartbeat()
      }
    }, interval)
    void running.gone.then(() => clearInterval(timer))
  }
}
