import { setTimeout as delay } from 'node:timers/promises'
import type { LauncherClusters } from '../../launcher/launcher.ts'
import type { Log } from '../../log.ts'
import type { OutputFiles } from './output-files.ts'
import { UsageWriter, type UsageTotals } from './usage-writer.ts'

/** Milliseconds until a job that does not run yet, or of which nothing is told, is asked for again. */
const AGAIN_MS = 2000

/** Stores what a job uses as long as it runs. What cannot be written is left out. */
export class UsageKeeper {
  readonly #launcherJob: string
  readonly #files: OutputFiles
  readonly #launcher: Pick<LauncherClusters, 'usageOf'>
  readonly #log: Log
  readonly #stopping = new AbortController()
  #writer: UsageWriter | undefined
  #keeping: Promise<void> | undefined

  constructor(parts: {
    launcherJob: string
    files: OutputFiles
    launcher: Pick<LauncherClusters, 'usageOf'>
    log: Log
  }) {
    this.#launcherJob = parts.launcherJob
    this.#files = parts.files
    this.#launcher = parts.launcher
    this.#log = parts.log
  }

  /** What it has used so far. */
  get totals(): UsageTotals {
    return this.#writer?.totals ?? { cpuSeconds: null, peakMemoryBytes: null }
  }

  /** Begins to measure, until `stop`. */
  start(): void {
    this.#keeping ??= this.#keep(this.#stopping.signal)
  }

  /** Ends measuring, and writes what was measured last. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#keeping
    await this.#writer?.flush().catch(() => undefined)
  }

  async #keep(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        this.#writer ??= await UsageWriter.open(this.#files)
        for await (const usage of this.#launcher.usageOf(this.#launcherJob, signal)) {
          await this.#writer.take({ ...usage, at: Date.now() })
        }
      } catch (error) {
        this.#log.debug({ err: error, job: this.#launcherJob }, 'what a job uses is not stored')
      }
      await delay(AGAIN_MS, undefined, { signal }).catch(() => undefined)
    }
  }
}
