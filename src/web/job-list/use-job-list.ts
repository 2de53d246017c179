import { useMemo } from 'react'
import { useJobPages } from '../api/job-queries.ts'
import { isEnded } from '../api/job-state.ts'
import type { JobView } from '../api/job-view.ts'
import { useServices } from '../api/services.tsx'
import { listQueries, NO_FILTER, type JobFilter } from './job-filter.ts'

/** The jobs of a filter: first those that have not ended, each part latest first. */
export interface JobList {
  /** Undefined until they are read. */
  readonly jobs: readonly JobView[] | undefined
  /** Those among them that have not ended. */
  readonly living: number
  readonly error: Error | null
  /** True if there are more on the server. */
  readonly hasMore: boolean
  readonly loadingMore: boolean
  readonly loadMore: () => void
  readonly retry: () => void
}

/** Reads the jobs of a filter and keeps them up to date. */
export function useJobList(filter: JobFilter): JobList {
  const { clock } = useServices()
  const queries = useMemo(() => listQueries(filter, clock.now()), [filter, clock])
  const living = useJobPages(queries.living)
  const ended = useJobPages(queries.ended)
  const parts = [
    ...(queries.living === null ? [] : [living]),
    ...(queries.ended === null ? [] : [ended]),
  ]
  const jobs = useMemo(
    () =>
      (queries.living !== null && living.data === undefined) ||
      (queries.ended !== null && ended.data === undefined)
        ? undefined
        : runningFirst([living.data, ended.data].flatMap((data) => data?.pages ?? [])),
    [queries, living.data, ended.data],
  )
  const next = parts.find(({ hasNextPage }) => hasNextPage)
  return {
    jobs,
    living: jobs?.filter(({ state }) => !isEnded(state)).length ?? 0,
    error: parts.find(({ error }) => error !== null)?.error ?? null,
    hasMore: next !== undefined,
    loadingMore: parts.some(({ isFetchingNextPage }) => isFetchingNextPage),
    loadMore: () => void next?.fetchNextPage(),
    retry: () => parts.forEach((part) => void part.refetch()),
  }
}

/** How many of one's jobs have not ended, in words; null until that is known. */
export function useLivingCount(): string | null {
  const { clock } = useServices()
  const query = useMemo(() => listQueries(NO_FILTER, clock.now()).living, [clock])
  const { data, hasNextPage } = useJobPages(query)
  if (data === undefined) return null
  const count = data.pages.flatMap(({ items }) => items).filter(({ state }) => !isEnded(state))
  return `${count.length}${hasNextPage ? '+' : ''}`
}

// A job that has just ended may for a moment be in both lists, or in the one of those that have not.
function runningFirst(
  pages: readonly { readonly items: readonly JobView[] }[],
): readonly JobView[] {
  const byId = new Map<string, JobView>()
  for (const job of pages.flatMap(({ items }) => items)) {
    const known = byId.get(job.id)
    if (known === undefined || known.version <= job.version) byId.set(job.id, job)
  }
  return [...byId.values()].toSorted(
    (a, b) =>
      Number(isEnded(a.state)) - Number(isEnded(b.state)) ||
      b.createdAt.localeCompare(a.createdAt) ||
      b.id.localeCompare(a.id),
  )
}
