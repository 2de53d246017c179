import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useServices } from '../api/services.tsx'
import type { JobChoices } from './job-choices.ts'

const SLOW_MS = 60_000
const FAST_MS = 5000

/** What can be chosen for a job; read again often where it is `watched`, as how many jobs run changes without a word. */
export function useJobChoices({
  watched = false,
}: { watched?: boolean } = {}): UseQueryResult<JobChoices> {
  const { api } = useServices()
  return useQuery({
    queryKey: ['job-choices'],
    queryFn: ({ signal }) => api.request<JobChoices>('GET', '/job-choices', { signal }),
    refetchOnMount: 'always',
    refetchInterval: watched ? FAST_MS : SLOW_MS,
  })
}
