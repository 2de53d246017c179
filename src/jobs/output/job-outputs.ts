import { setTimeout as delay } from 'node:timers/promises'
import type { LauncherClusters } from '../../launcher/launcher.ts'
import type { Log } from '../../log.ts'
import { outputFiles } from './output-files.ts'
import { OutputKeeper } from './output-keeper.ts'
import { UsageKeeper } from './usage-keeper.ts'
import type { UsageTotals } from './usage-writer.ts'

/** Milliseconds without anything new after which the end of a job does not wait for its output any more. */
const PATIENCE_MS = 10_000

/** What is known of a job once it has ended. */
export interface OutputTotals extends UsageTotals {
  readonly outputBytes: number
}

/** What of a job is needed to follow it. */
export interface FollowedJob {
  readonly id: string
  /** The id of its Launcher job; null as long as that is not known. */
  readonly jobId: string | null
}

interface Followed {
  readonly output: OutputKeeper
  readonly usage: UsageKeeper
}

/** Keeps what the jobs of this node print and use. */
export class JobOutputs {
  readonly #directory: string
  readonly #launcher: Pick<LauncherClusters, 'get' | 'output' | 'usageOf'>
  readonly #limit: () => number
  readonly #patience: number
  readonly #log: Log
  readonly #followed = new Map<string, Followed>()
  readonly #stopping = new AbortController()

  constructor(parts: {
    /** Below which each job has its own. */
    directory: string
    launcher: Pick<LauncherClusters, 'get' | 'output' | 'usageOf'>
    /** How many bytes are kept of each job. */
    limit: () => number
    log: Log
    patience?: number
  }) {
    this.#directory = parts.directory
    this.#launcher = parts.launcher
    this.#limit = parts.limit
    this.#log = parts.log
    this.#patience = parts.patience ?? PATIENCE_MS
  }

  /** Follows a job from now on, if the Launcher has it; to be repeated. */
  follow({ id, jobId }: FollowedJob): void {
    if (jobId === null || this.#stopping.signal.aborted || this.#followed.has(id)) return
    const files = outputFiles(this.#directory, id)
    const parts = { launcherJob: jobId, files, launcher: this.#launcher, log: this.#log }
    const followed = {
      output: new OutputKeeper({ ...parts, id, limit: this.#limit }),
      usage: new UsageKeeper(parts),
    }
    this.#followed.set(id, followed)
    void followed.output.start()
    followed.usage.start()
  }

  /**
   * Resolves when all is stored that a job has printed which has ended, or nothing more came for 10 s, and answers what it
   * came to. What could not be stored by then is still tried in the background.
   */
  async finish(job: FollowedJob): Promise<OutputTotals> {
    this.follow(job)
    const followed = this.#followed.get(job.id)
    if (followed === undefined) return { outputBytes: 0, cpuSeconds: null, peakMemoryBytes: null }
    const { output, usage } = followed
    const kept = output.start()
    for (let taken = -1; !output.isComplete && taken !== output.taken;) {
      taken = output.taken
      const waiting = new AbortController()
      const { signal } = waiting
      const patience = delay(this.#patience, undefined, { signal }).catch(() => undefined)
      await Promise.race([kept, patience])
      waiting.abort()
    }
    await usage.stop()
    if (output.isComplete) this.#followed.delete(job.id)
    else void kept.then(() => this.#followed.delete(job.id))
    return { ...usage.totals, outputBytes: output.size }
  }

  /** Follows nothing any more; what is printed meanwhile is told later. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    const all = [...this.#followed.values()]
    await Promise.all(all.flatMap(({ output, usage }) => [output.stop(), usage.stop()]))
    this.#followed.clear()
  }
}
