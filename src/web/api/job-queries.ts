import {
  useInfiniteQuery,
  useQuery,
  useQueryClient,
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
} from '@tanstack/react-query'
import { JOB_KEYS } from './job-cache.ts'
import { newerJob } from './job-list.ts'
import { isEnded } from './job-state.ts'
import type { JobView, UsageSample } from './job-view.ts'
import { useServices } from './services.tsx'
import type { Page } from './session-view.ts'

// Events tell of changes; reading again is for the event that was lost.
const SLOW_MS = 60_000
const USAGE_MS = 5000
// No event tells what running jobs use.
const RUNNING_MS = 10_000
const RETRY_MS = 5000

/** One job. */
export function useJob(id: string): UseQueryResult<JobView> {
  const { api } = useServices()
  const queries = useQueryClient()
  return useQuery({
    queryKey: JOB_KEYS.job(id),
    queryFn: async ({ signal }) => {
      const read = await api.request<JobView>('GET', `/jobs/${encodeURIComponent(id)}`, { signal })
      return newerJob(queries.getQueryData(JOB_KEYS.job(id)), read)
    },
    refetchInterval: ({ state }) => (state.status === 'error' ? RETRY_MS : SLOW_MS),
  })
}

/** Jobs, page by page and latest first; `query` is the query string of what is asked for, without a cursor, null for nothing. */
export function useJobPages(
  query: string | null,
): UseInfiniteQueryResult<InfiniteData<Page<JobView>, string | null>> {
  const { api } = useServices()
  return useInfiniteQuery({
    queryKey: JOB_KEYS.list(query ?? ''),
    queryFn: ({ pageParam, signal }) => {
      const asked = new URLSearchParams(query ?? '')
      if (pageParam !== null) asked.set('cursor', pageParam)
      return api.request<Page<JobView>>('GET', `/jobs?${asked.toString()}`, { signal })
    },
    enabled: query !== null,
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) => {
      if (state.status === 'error') return RETRY_MS
      const runs = state.data?.pages.some(({ items }) =>
        items.some((job) => job.state === 'Running'),
      )
      return runs === true ? RUNNING_MS : SLOW_MS
    },
  })
}

/** What the job used over time; read every five seconds while it runs, and once more when it has ended. */
export function useJobUsage(job: JobView): UseQueryResult<readonly UsageSample[]> {
  const { api } = useServices()
  const ended = isEnded(job.state)
  return useQuery({
    queryKey: [...JOB_KEYS.usage(job.id), ended],
    queryFn: async ({ signal }) => {
      const path = `/jobs/${encodeURIComponent(job.id)}/usage`
      return (await api.request<{ samples: readonly UsageSample[] }>('GET', path, { signal }))
        .samples
    },
    enabled: job.startedAt !== null,
    refetchInterval: ended ? false : USAGE_MS,
    placeholderData: (known) => known,
  })
}
