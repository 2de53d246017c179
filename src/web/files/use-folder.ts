import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useServices } from '../api/services.tsx'
import type { FolderView } from './file-view.ts'

/** A folder of the user's files; null is the home. */
export function useFolder(path: string | null): UseQueryResult<FolderView> {
  const { api } = useServices()
  return useQuery({
    queryKey: ['files', path],
    queryFn: ({ signal }) => {
      const query = path === null ? '' : `?${new URLSearchParams({ path }).toString()}`
      return api.request<FolderView>('GET', `/files${query}`, { signal })
    },
    // Files change without anybody telling.
    staleTime: 0,
    gcTime: 60_000,
  })
}
