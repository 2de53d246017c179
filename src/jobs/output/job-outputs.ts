import { setTimeout as delay } from 'node:timers/promises'
import { AtelierError } from '../../errors.ts'
import type { LauncherClusters } from '../../launcher/launcher.ts'
import type { Log } from '../../log.ts'
import type { HeldLock } from '../../process-lock.ts'
import { holdLock } from './hold-lock.ts'
import type { OutputFiles } from './output-files.ts'
import { OutputKeeper } from './output-keeper.ts'
import { UsageKeeper } from './usage-keeper.ts'
import type { UsageTotals } from './usage-writer.ts'

/** Milliseconds without anything new after which the end of a job does not wait for its output any more. */
const PATIENCE_MS = 10_000

/** What is known of a job once it has ended. */
export interface OutputTotals extends UsageTotals {
  /** Null if nothing is known. */
  readonly outputBytes: number | null
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
  /** Resolves when all is stored, or nothing is followed any more. */
  readonly kept: Promise<void>
}

/** Keeps what the jobs of this node print and use. */
export class JobOutputs {
  readonly #filesOf: (id: string) => OutputFiles
  readonly #lockFile: string
  readonly #launcher: Pick<LauncherClusters, 'get' | 'output' | 'usageOf'>
  readonly #limit: () => number
  readonly #patience: number
  readonly #log: Log
  readonly #followed = new Map<string, Followed>()
  readonly #stopping = new AbortController()
  #locking: Promise<HeldLock | undefined> | undefined

  constructor(parts: {
    filesOf: (id: string) => OutputFiles
    /** Held while something is written, as of two processes of one node only one may. */
    lockFile: string
    launcher: Pick<LauncherClusters, 'get' | 'output' | 'usageOf'>
    /** How many bytes are kept of each job. */
    limit: () => number
    log: Log
    /** In ms; as PATIENCE_MS without it. */
    patience?: number
  }) {
    this.#filesOf = parts.filesOf
    this.#lockFile = parts.lockFile
    this.#launcher = parts.launcher
    this.#limit = parts.limit
    this.#log = parts.log
    this.#patience = parts.patience ?? PATIENCE_MS
  }

  /** Follows a job from now on, if the Launcher has it; to be repeated. */
  follow({ id, jobId }: FollowedJob): void {
    if (jobId === null || this.#stopping.signal.aborted || this.#followed.has(id)) return
    const files = this.#filesOf(id)
    const parts = { launcherJob: jobId, files, launcher: this.#launcher, log: this.#log }
    const output = new OutputKeeper({ ...parts, id, limit: this.#limit })
    const usage = new UsageKeeper(parts)
    this.#followed.set(id, { output, usage, kept: this.#keep(output, usage) })
  }

  /** True while something that the job has printed may not be stored yet. */
  isFollowing(id: string): boolean {
    return this.#followed.has(id)
  }

  /**
   * Resolves when all is stored that a job has printed which has ended, or nothing more came for 10 s, and answers what it
   * came to. What could not be stored by then is still tried in the background. Throws NODE_STOPPING once `stop` was called.
   */
  async finish(job: FollowedJob): Promise<OutputTotals> {
    if (this.#stopping.signal.aborted) throw new AtelierError('NODE_STOPPING')
    this.follow(job)
    const followed = this.#followed.get(job.id)
    if (followed === undefined)
      return { outputBytes: null, cpuSeconds: null, peakMemoryBytes: null }
    const { output, usage, kept } = followed
    for (let taken = -1; !output.isComplete && taken !== output.taken;) {
      taken = output.taken
      const waiting = new AbortController()
      const { signal } = waiting
      const patience = delay(this.#patience, undefined, { signal }).catch(() => undefined)
      await Promise.race([kept, patience])
      waiting.abort()
    }
    if (!output.isComplete && this.#stopping.signal.aborted) throw new AtelierError('NODE_STOPPING')
    if (!output.isComplete) this.#log.warn({ job: job.id }, 'not all is stored that a job printed')
    await usage.stop()
    const ended = this.ended(job.id)
    if (output.isComplete) await ended
    return { ...usage.totals, outputBytes: output.size }
  }

  /** Forgets a job that has ended, once all is stored. */
  async ended(id: string): Promise<void> {
    const followed = this.#followed.get(id)
    if (followed === undefined) return
    await followed.kept
    await followed.usage.stop()
    if (this.#followed.get(id) === followed) this.#followed.delete(id)
  }

  /** Follows nothing any more; what is printed meanwhile is told later. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    const all = [...this.#followed.values()]
    await Promise.all(all.flatMap(({ output, usage }) => [output.stop(), usage.stop()]))
    await (await this.#locking)?.release()
  }

  async #keep(output: OutputKeeper, usage: UsageKeeper): Promise<void> {
    this.#locking ??= holdLock(this.#lockFile, { signal: this.#stopping.signal, log: this.#log })
    if ((await this.#locking) === undefined) return
    usage.start()
    await output.start()
  }
}
