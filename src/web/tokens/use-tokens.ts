import {
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query'
import { useServices } from '../api/services.tsx'
import { KEYS } from '../api/session-cache.ts'
import type { Items } from '../api/session-view.ts'
import type { CreatedToken, NewToken, TokenView } from './token-view.ts'

/** The user's API tokens. */
export function useTokens(): UseQueryResult<readonly TokenView[]> {
  const { api } = useServices()
  return useQuery({
    queryKey: KEYS.tokens,
    queryFn: async ({ signal }) =>
      (await api.request<Items<TokenView>>('GET', '/tokens', { signal })).items,
  })
}

/** Creates a token; the answer, which alone has its secret, is kept nowhere else. */
export function useCreateToken(): UseMutationResult<CreatedToken, Error, NewToken> {
  const { api } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: NewToken) => api.request<CreatedToken>('POST', '/tokens', { body }),
    gcTime: 0,
    onSuccess: () => queries.invalidateQueries({ queryKey: KEYS.tokens }),
  })
}

/** Revokes a token. */
export function useRevokeToken(): UseMutationResult<null, Error, TokenView> {
  const { api } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id }: TokenView) =>
      api.request<null>('DELETE', `/tokens/${encodeURIComponent(id)}`),
    // Also after a failure: it may be gone already.
    onSettled: () => queries.invalidateQueries({ queryKey: KEYS.tokens }),
  })
}
