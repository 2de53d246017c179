import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { SignInWays } from '../../control/sign-in-ways.ts'
import { useServices } from '../api/services.tsx'

const RETRY_MS = 3000

/** How one signs in on this server. */
export function useSignInWays(): UseQueryResult<SignInWays> {
  const { api } = useServices()
  return useQuery({
    queryKey: ['sign-in-ways'],
    queryFn: ({ signal }) => api.request<SignInWays>('GET', '/sign-in', { signal }),
    staleTime: Infinity,
    refetchInterval: ({ state }) => (state.status === 'error' ? RETRY_MS : false),
  })
}
