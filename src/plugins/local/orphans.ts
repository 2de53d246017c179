import type { Log } from '../../log.ts'
import { sweep } from './job-signals.ts'
import { listProcesses, readJobDirectory, type Process } from './processes.ts'
import type { TrackingCgroups } from './tracking-cgroups.ts'

/** Ends processes of our jobs that nobody looks after any more, because their job has ended or its directory is gone. */
export class Orphans {
  readonly #root: string
  readonly #tracking: TrackingCgroups
  readonly #wanted: () => ReadonlySet<string> | undefined
  readonly #log: Log
  #sweeping: Promise<void> | undefined

  constructor(parts: {
    /** Where our jobs have their private directories, by which they are told from those of other Ateliers. */
    readonly root: string
    readonly tracking: TrackingCgroups
    /** The ids of all jobs whose processes may live; undefined when it is not known, or not ours to judge any more. */
    readonly wanted: () => ReadonlySet<string> | undefined
    readonly log: Log
  }) {
    this.#root = parts.root
    this.#tracking = parts.tracking
    this.#wanted = parts.wanted
    this.#log = parts.log
  }

  /** Ends what there is, gently at first, and removes its cgroups. Never throws. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep()
      .catch((error: unknown) => this.#log.error({ err: error }, 'Orphans cannot be ended'))
      .finally(() => (this.#sweeping = undefined))
    return this.#sweeping
  }

  /** True if there are any now. */
  exist(): boolean {
    return this.#find().length > 0
  }

  async #sweep(): Promise<void> {
    const found = this.#find()
    if (found.length > 0) {
      const told = found.map(({ pid, jobId, command }) => ({ pid, job: jobId, command }))
      this.#log.warn({ processes: told }, 'Processes of jobs that are no more are ended')
      const left = await sweep(this.#find, 'SIGTERM', async () => {
        await Promise.all(this.#strays().map((folder) => this.#tracking.kill(folder)))
      })
      if (left.length > 0) this.#log.error({ pids: left }, 'Orphans cannot be killed')
    }
    for (const folder of this.#strays()) this.#tracking.remove(folder)
  }

  readonly #find = (): Process[] => {
    const wanted = this.#wanted()
    if (wanted === undefined) return []
    const confined = new Set(this.#strays().flatMap((folder) => this.#tracking.pids(folder)))
    return listProcesses().filter(
      (process) => confined.has(process.pid) || isOrphan(process, wanted, this.#root),
    )
  }

  #strays(): readonly string[] {
    const wanted = this.#wanted()
    return wanted === undefined ? [] : this.#tracking.strays(wanted)
  }
}

/** By its environment, which anybody may write: so never root, who runs no job and may have taken it over by mistake. */
function isOrphan(
  { pid, uid, jobId }: Process,
  wanted: ReadonlySet<string>,
  root: string,
): boolean {
  if (jobId === undefined || uid === 0 || wanted.has(jobId)) return false
  return readJobDirectory(pid) === `${root}/${jobId}`
}
