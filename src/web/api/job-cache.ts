import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import { newerJob, pagesHave, withJob } from './job-list.ts'
import type { JobView } from './job-view.ts'
import type { Page } from './session-view.ts'

/** The keys under which what the API tells of jobs is kept. */
export const JOB_KEYS = {
  /** Every list of jobs, whatever is asked for. */
  lists: ['jobs'],
  /** One list: pages of jobs, of the query string `query`. */
  list: (query: string) => ['jobs', query],
  job: (id: string) => ['job', id],
  usage: (id: string) => ['job-usage', id],
} as const

type JobPages = InfiniteData<Page<JobView>, unknown>

/** Writes what actions and events tell of jobs into the query cache, so that no older answer overwrites it. */
export class JobCache {
  readonly #queries: QueryClient

  constructor({ queries }: { queries: QueryClient }) {
    this.#queries = queries
  }

  /** Takes over a job, unless a newer version of it is known; lists that do not have it are read again. */
  async apply(job: JobView): Promise<void> {
    const changed = this.known(job.id)?.state !== job.state
    this.#queries.setQueryData<JobView>(JOB_KEYS.job(job.id), (known) => newerJob(known, job))
    for (const [queryKey, list] of this.#lists()) {
      if (list === undefined || !pagesHave(list.pages, job.id)) continue
      this.#queries.setQueryData<JobPages>(queryKey, {
        ...list,
        pages: [...withJob(list.pages, job)],
      })
    }
    // A new job, or one that a filter now takes in or leaves out, is where only the server knows.
    if (changed) await this.#queries.invalidateQueries({ queryKey: JOB_KEYS.lists })
  }

  /** The newest view of a job that is known here. */
  known(id: string): JobView | undefined {
    const views = this.#lists().flatMap(([, list]) => list?.pages.flatMap(({ items }) => items))
    const found = views.find((job) => job?.id === id)
    const own = this.#queries.getQueryData<JobView>(JOB_KEYS.job(id))
    return found === undefined ? own : newerJob(own, found)
  }

  /** Reads again whatever is on the screen. */
  async refresh(): Promise<void> {
    await Promise.all([
      this.#queries.invalidateQueries({ queryKey: JOB_KEYS.lists }),
      this.#queries.invalidateQueries({ queryKey: ['job'] }),
      this.#queries.invalidateQueries({ queryKey: ['job-usage'] }),
    ])
  }

  #lists(): [queryKey: readonly unknown[], list: JobPages | undefined][] {
    return this.#queries.getQueriesData<JobPages>({ queryKey: JOB_KEYS.lists })
  }
}
