import type { ClusterLog } from './cluster-log.ts'
import { isFinalStatus, type Job } from './job.ts'

/** What is remembered of a job. */
interface Known extends Pick<Job, 'user' | 'submissionTime'> {
  /** How it ended, once it has. */
  readonly end: Pick<Job, 'status' | 'statusMessage' | 'exitCode' | 'lastUpdateTime'> | undefined
}

/** Jobs that are remembered; beyond that those that came first are forgotten. */
const KNOWN_MOST = 20_000

/**
 * Believes of a plugin only what can be: a job keeps its owner, and how it ended. Once it has ended, a job of the same id
 * that was submitted at another time is another one. Nothing is remembered over a restart of the plugin.
 */
export class JobGuard {
  readonly #log: ClusterLog
  readonly #known = new Map<string, Known>()

  constructor({ log }: { log: ClusterLog }) {
    this.#log = log
  }

  /** Forgets every job. */
  reset(): void {
    this.#known.clear()
  }

  /** Those of these jobs that can be, each once, as they can be. */
  checkAll(jobs: readonly Job[]): Job[] {
    const ids = new Set<string>()
    return jobs.flatMap((told) => {
      const job = this.check(told)
      if (job === undefined) return []
      if (ids.has(job.id)) {
        this.#log.warn({ job: job.id }, 'The plugin tells two jobs of the same id')
        return []
      }
      ids.add(job.id)
      return [job]
    })
  }

  /** The job as it can be; undefined if it has changed its owner. */
  check(job: Job): Job | undefined {
    const known = this.#known.get(job.id)
    const isAnother = known?.submissionTime !== job.submissionTime
    if (known === undefined || (isAnother && (known.end || known.user === job.user))) {
      this.#remember(job)
      return job
    }
    if (known.user !== job.user) {
      const about = { job: job.id, was: known.user, now: job.user }
      this.#log.warn(about, 'The plugin gives a job to another user; it is not believed')
      return undefined
    }
    if (known.end === undefined || known.end.status === job.status) {
      if (known.end === undefined && isFinalStatus(job.status)) this.#remember(job)
      return job
    }
    const about = { job: job.id, was: known.end.status, now: job.status }
    this.#log.warn(about, 'The plugin takes back how a job ended; it is not believed')
    return { ...job, ...known.end }
  }

  #remember({ id, user, submissionTime, ...job }: Job): void {
    const { status, statusMessage, exitCode, lastUpdateTime } = job
    const end = isFinalStatus(status)
      ? { status, statusMessage, exitCode, lastUpdateTime }
      : undefined
    this.#known.delete(id)
    this.#known.set(id, { user, submissionTime, end })
    const [oldest] = this.#known.keys()
    if (this.#known.size > KNOWN_MOST && oldest !== undefined) this.#known.delete(oldest)
  }
}
