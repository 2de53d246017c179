import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useServices } from '../api/services.tsx'
import type { JobChoices } from './job-choices.ts'

const SLOW_MS = 60_000

/** What can be chosen for a job; read again whenever a part of a page that needs it opens. */
export function useJobChoices(): UseQueryResult<JobChoices> {
  const { api } = useServices()
  return useQuery({
    queryKey: ['job-choices'],
    queryFn: ({ signal }) => api.request<JobChoices>('GET', '/job-choices', { signal }),
    refetchInterval: SLOW_MS,
  })
}
