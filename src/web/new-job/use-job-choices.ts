import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useServices } from '../api/services.tsx'

/** How many jobs somebody has, and may have; `most` is null for any number. */
export interface JobCount {
  readonly used: number
  readonly most: number | null
}

/** What can be chosen for a job, and how many the user may have. */
export interface JobChoices {
  readonly clusters: readonly { readonly name: string; readonly isDefault: boolean }[]
  readonly commands: readonly { readonly name: string; readonly title: string }[]
  readonly limits: { readonly running: JobCount; readonly waiting: JobCount }
}

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
