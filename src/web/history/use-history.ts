import {
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
} from '@tanstack/react-query'
import type { HistoryJson, UseJson } from '../../control/history-json.ts'
import { useServices } from '../api/services.tsx'
import type { Page } from '../api/session-view.ts'
import { apiQuery, type HistoryFilter } from './history-filter.ts'

const PAGE = '50'

/** The ended sessions and jobs that the filter lets through, page by page. */
export function useHistory(
  filter: HistoryFilter,
  everybody: boolean,
): UseInfiniteQueryResult<InfiniteData<Page<HistoryJson>>> {
  const { api } = useServices()
  return useInfiniteQuery({
    queryKey: ['history', filter, everybody],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const more = { limit: PAGE, ...(pageParam !== '' && { cursor: pageParam }) }
      const query = apiQuery(filter, everybody, more)
      return api.request<Page<HistoryJson>>('GET', `/history?${query}`, { signal })
    },
    getNextPageParam: ({ next }: Page<HistoryJson>) => next,
    placeholderData: keepPreviousData,
  })
}

/** What one has used this month. */
export function useMonth(): UseQueryResult<UseJson> {
  const { api } = useServices()
  return useQuery({
    queryKey: ['history-use'],
    queryFn: ({ signal }) => api.request<UseJson>('GET', '/history/use', { signal }),
    staleTime: 60_000,
  })
}
