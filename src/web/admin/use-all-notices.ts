import {
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query'
import type { NoticeJson } from '../../control/notice-json.ts'
import { useServices } from '../api/services.tsx'
import type { Items } from '../api/session-view.ts'

const ALL = ['notices-all'] as const

/** What a new notice is made of; times are ISO 8601. */
export type NoticeWish = Pick<NoticeJson, 'text' | 'severity' | 'until' | 'dismissible'> & {
  readonly from: string | null
}

/** All notices, also those of another time. */
export function useAllNotices(): UseQueryResult<readonly NoticeJson[]> {
  const { api } = useServices()
  return useQuery({
    queryKey: ALL,
    queryFn: async ({ signal }) =>
      (await api.request<Items<NoticeJson>>('GET', '/notices?all=true', { signal })).items,
  })
}

/** Tells everybody something. */
export function useCreateNotice(): UseMutationResult<NoticeJson, Error, NoticeWish> {
  const { api } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: NoticeWish) => api.request<NoticeJson>('POST', '/notices', { body }),
    onSettled: () => queries.invalidateQueries({ queryKey: ALL }),
  })
}

/** Takes a notice back. */
export function useDeleteNotice(): UseMutationResult<null, Error, NoticeJson> {
  const { api } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id }: NoticeJson) => api.request<null>('DELETE', `/notices/${id}`),
    onSettled: () => queries.invalidateQueries({ queryKey: ALL }),
  })
}
