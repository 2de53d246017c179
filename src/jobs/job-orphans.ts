import type { Log } from '../log.ts'
import type { JobRuns, LauncherLook } from './job-runs.ts'
import type { JobStore } from './job-store.ts'
import { isFinalJob, type WorkbenchJob } from './workbench-job.ts'

const ORPHAN_AFTER_MS = 60_000

/** Stops jobs of the Launcher that nobody wants any more, such as one that was stopped while its server was lost. */
export class JobOrphans {
  readonly #store: Pick<JobStore, 'some'>
  readonly #runs: Pick<JobRuns, 'control'>
  readonly #stopTimeout: () => number
  readonly #log: Log
  readonly #since = new Map<string, number>()

  constructor(parts: {
    store: Pick<JobStore, 'some'>
    runs: Pick<JobRuns, 'control'>
    /** In ms; after it a job is killed. */
    stopTimeout: () => number
    log: Log
  }) {
    this.#store = parts.store
    this.#runs = parts.runs
    this.#stopTimeout = parts.stopTimeout
    this.#log = parts.log
  }

  /** Stops those of the active jobs whose rows have ended or are gone; `jobs` are rows that have not. Throws DATABASE_UNAVAILABLE. */
  async stop(active: LauncherLook['active'], jobs: readonly WorkbenchJob[]): Promise<void> {
    const living = new Set(jobs.map(({ id }) => id))
    const others = active.filter(({ id }) => !living.has(id))
    const present = new Set(others.map(({ job }) => job.id))
    for (const id of this.#since.keys()) if (!present.has(id)) this.#since.delete(id)
    if (others.length === 0) return
    const rows = await this.#store.some(others.map(({ id }) => id))
    const now = Date.now()
    for (const { id, job } of others) {
      const row = rows.find((each) => each.id === id)
      const isYoung = now - Date.parse(job.submissionTime) < ORPHAN_AFTER_MS
      // One that has not ended belongs to another node, whose Launcher sees the same jobs.
      if (row === undefined ? isYoung : !isFinalJob(row.state)) continue
      const since = this.#since.get(job.id)
      if (since === undefined) {
        this.#since.set(job.id, performance.now())
        this.#log.warn(
          { job: id, launcherJob: job.id },
          'a job is not wanted any more; it is stopped',
        )
      }
      const waited = since === undefined ? 0 : performance.now() - since
      if (since !== undefined && waited <= this.#stopTimeout()) continue
      await this.#runs
        .control(job, since === undefined ? 'stop' : 'kill')
        .catch((error: unknown) => {
          this.#log.warn({ err: error, job: id }, 'a job that is not wanted any more does not stop')
        })
    }
  }
}
