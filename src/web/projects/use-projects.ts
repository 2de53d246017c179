import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { ProjectJson } from '../../control/project-json.ts'
import { useServices } from '../api/services.tsx'
import { KEYS } from '../api/session-cache.ts'

// The server itself looks once a minute at most.
const FRESH_MS = 60_000

/** What was found in the user's home. */
export interface ProjectList {
  readonly items: readonly ProjectJson[]
  /** False if the home did not answer in time. */
  readonly complete: boolean
}

/** The folders that the user worked in. */
export function useProjects(): UseQueryResult<ProjectList> {
  const { api } = useServices()
  return useQuery({
    queryKey: KEYS.projects,
    queryFn: ({ signal }) => api.request<ProjectList>('GET', '/projects', { signal }),
    staleTime: FRESH_MS,
  })
}
