import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query'
import type { DashboardJson, LivingJson, SeriesJson } from '../../control/dashboard-json.ts'
import { useServices } from '../api/services.tsx'
import type { SpanName } from './chart-points.ts'
import { SPANS } from './chart-points.ts'

const NOW_MS = 10_000
const SERIES_MS = 60_000

/** What lives, of all users or of one. */
export interface WorkList {
  readonly items: readonly LivingJson[]
  readonly more: boolean
}

/** What goes on in the cluster now, as long as somebody looks. */
export function useDashboard(): UseQueryResult<DashboardJson> {
  const { api } = useServices()
  return useQuery({
    queryKey: ['dashboard', 'now'],
    queryFn: ({ signal }) => api.request<DashboardJson>('GET', '/dashboard', { signal }),
    refetchInterval: NOW_MS,
  })
}

/** The sessions and jobs that have not ended, of one user or of all. */
export function useWork(user: string | null): UseQueryResult<WorkList> {
  const { api } = useServices()
  const query = user === null ? '' : `?user=${encodeURIComponent(user)}`
  return useQuery({
    queryKey: ['dashboard', 'work', user],
    queryFn: ({ signal }) => api.request<WorkList>('GET', `/dashboard/work${query}`, { signal }),
    refetchInterval: NOW_MS,
    placeholderData: keepPreviousData,
  })
}

/** What went on in the span that ends now. */
export function useSeries(span: SpanName): UseQueryResult<SeriesJson> {
  const { api, clock } = useServices()
  return useQuery({
    queryKey: ['dashboard', 'series', span],
    queryFn: ({ signal }) => {
      const { ms, step } = SPANS[span]
      const to = clock.now()
      const query = new URLSearchParams({
        from: new Date(to - ms).toISOString(),
        to: new Date(to).toISOString(),
        step: String(step),
      })
      return api.request<SeriesJson>('GET', `/dashboard/history?${query.toString()}`, { signal })
    },
    refetchInterval: SERIES_MS,
    placeholderData: keepPreviousData,
  })
}

/** Stops a session or a job of anybody, or kills it. */
export function useStopWork(): UseMutationResult<
  unknown,
  Error,
  { readonly work: LivingJson; readonly force: boolean }
> {
  const { api } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ work: { kind, id }, force }: { work: LivingJson; force: boolean }) =>
      kind === 'session'
        ? api.request('DELETE', `/sessions/${encodeURIComponent(id)}${force ? '?force=true' : ''}`)
        : api.request('POST', `/jobs/${encodeURIComponent(id)}/stop`, { body: { force } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['dashboard'] }),
  })
}
