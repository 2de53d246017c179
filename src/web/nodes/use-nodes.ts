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
import type { NodeSessionView, NodeView } from './node-view.ts'

// Events tell of changes; reading again is for when they do not come.
const SLOW_MS = 30_000
const RETRY_MS = 5000
const SESSIONS_MS = 5000

/** The nodes of the cluster. */
export function useNodes(): UseQueryResult<readonly NodeView[]> {
  const { api } = useServices()
  return useQuery({
    queryKey: KEYS.nodes,
    queryFn: async ({ signal }) =>
      (await api.request<Items<NodeView>>('GET', '/nodes', { signal })).items,
    refetchInterval: ({ state }) => (state.status === 'error' ? RETRY_MS : SLOW_MS),
  })
}

/** The sessions that the node holds, of all users, as long as somebody looks. */
export function useNodeSessions(name: string): UseQueryResult<readonly NodeSessionView[]> {
  const { api } = useServices()
  return useQuery({
    queryKey: KEYS.nodeSessions(name),
    queryFn: async ({ signal }) => {
      const path = `/nodes/${encodeURIComponent(name)}/sessions`
      return (await api.request<Items<NodeSessionView>>('GET', path, { signal })).items
    },
    refetchInterval: SESSIONS_MS,
  })
}

/** Stops somebody's session on this node, or kills it. */
export function useStopHeld(
  node: string,
): UseMutationResult<unknown, Error, { readonly id: string; readonly force: boolean }> {
  const { api } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, force }: { readonly id: string; readonly force: boolean }) =>
      api.request('DELETE', `/sessions/${encodeURIComponent(id)}${force ? '?force=true' : ''}`),
    onSettled: () => queries.invalidateQueries({ queryKey: KEYS.nodeSessions(node) }),
  })
}

/** Drains a node, or takes that back. */
export function useDrainNode(
  verb: 'drain' | 'undrain',
): UseMutationResult<NodeView, Error, NodeView> {
  const { api } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ name }: NodeView) =>
      api.request<NodeView>('POST', `/nodes/${encodeURIComponent(name)}/${verb}`),
    onSuccess: (node) =>
      queries.setQueryData<readonly NodeView[]>(KEYS.nodes, (known) =>
        known?.map((each) => (each.name === node.name ? node : each)),
      ),
  })
}

/** Removes a node. */
export function useRemoveNode(): UseMutationResult<null, Error, NodeView> {
  const { api } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ name }: NodeView) =>
      api.request<null>('DELETE', `/nodes/${encodeURIComponent(name)}`),
    // Also after a failure: it may be back, or gone already.
    onSettled: () => queries.invalidateQueries({ queryKey: KEYS.nodes }),
  })
}
