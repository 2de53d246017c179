import { setTimeout as delay } from 'node:timers/promises'
import type { ClusterLog } from './cluster-log.ts'
import type { Job } from './job.ts'
import { statusRequest } from './job-requests.ts'
import { PLUGIN_ERROR, PluginError } from './plugin-error.ts'
import type { PluginProcess } from './plugin-process.ts'
import { RESPONSES } from './protocol-schemas.ts'

/** Told of every job that has changed. */
export type JobListener = (job: Job) => void

/** Milliseconds between two attempts to hear from a plugin that does not let itself be listened to. */
const RETRY_AFTER = 500

/**
 * Follows the status of every job, over restarts of the plugin, and tells the listeners the whole job. After a
 * restart every job is told again. It remembers no job: each is read from the plugin when it changes.
 */
export class JobFeed {
  readonly #plugin: PluginProcess
  readonly #readJob: (id: string) => Promise<Job | undefined>
  readonly #log: ClusterLog
  readonly #listeners = new Set<JobListener>()
  readonly #stopping = new AbortController()
  readonly #changed = new Set<string>()
  #telling: Promise<void> | undefined
  #following: Promise<void> | undefined

  /** `readJob` reads a job by its id in the plugin; it may throw PluginError. */
  constructor(parts: {
    plugin: PluginProcess
    readJob: (id: string) => Promise<Job | undefined>
    log: ClusterLog
  }) {
    this.#plugin = parts.plugin
    this.#readJob = parts.readJob
    this.#log = parts.log
  }

  /** Begins to follow the plugin. */
  start(): void {
    this.#following = this.#follow(this.#stopping.signal)
  }

  /** Ends when nothing is told any more. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#following
    await this.#telling
  }

  /** Tells `listener` each change from now on, until the returned function is called. */
  listen(listener: JobListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async #follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#plugin.ready(signal)
        const statuses = this.#plugin.stream(statusRequest(), RESPONSES.status)
        const abort = () => statuses.destroy()
        signal.addEventListener('abort', abort, { once: true })
        try {
          for await (const { id } of statuses) this.#noteChange(id)
        } finally {
          signal.removeEventListener('abort', abort)
        }
      } catch (error) {
        if (signal.aborted) return
        this.#log.debug({ err: error }, 'The statuses of the jobs are not told')
      }
      await delay(RETRY_AFTER, undefined, { signal }).catch(() => {})
    }
  }

  #noteChange(id: string): void {
    this.#changed.add(id)
    this.#telling ??= this.#tell()
  }

  async #tell(): Promise<void> {
    for (const id of this.#changed) {
      this.#changed.delete(id)
      const job = await this.#read(id)
      if (job !== undefined) for (const listener of this.#listeners) listener(job)
    }
    this.#telling = undefined
  }

  async #read(id: string): Promise<Job | undefined> {
    try {
      return await this.#readJob(id)
    } catch (error) {
      // Else it has expired in the meantime; or the plugin has ended, and tells every job again when it is back.
      if (error instanceof PluginError && error.errorCode === PLUGIN_ERROR.timeout) {
        this.#log.warn({ job: id }, 'A job that has changed cannot be read; it is tried again')
        this.#changed.add(id)
      }
      return undefined
    }
  }
}
