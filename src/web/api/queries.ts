import {
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query'
import type { IdeStatus } from '../../ides/ide.ts'
import type { VersionView } from '../../ides/language-version.ts'
import type { Profile } from '../../sessions/profiles.ts'
import { allPages } from './all-pages.ts'
import { useServices } from './services.tsx'
import { KEYS } from './session-cache.ts'
import { mergedList, newerOf } from './session-list.ts'
import type { Items, LimitsView, Me, SessionPort, SessionView } from './session-view.ts'

// Events tell of changes; reading again is for the event that was lost.
const SLOW_MS = 60_000
const FAST_MS = 2000
const RETRY_MS = 5000

/** Who is signed in. */
export function useMe(): UseQueryResult<Me> {
  const { api } = useServices()
  return useQuery({
    queryKey: KEYS.me,
    queryFn: ({ signal }) => api.request<Me>('GET', '/me', { signal }),
    staleTime: Infinity,
    refetchInterval: ({ state }) => (state.status === 'error' ? RETRY_MS : false),
  })
}

/** The IDEs of the server; read every two seconds while one is being installed. */
export function useIdes(): UseQueryResult<readonly IdeStatus[]> {
  const { api } = useServices()
  return useQuery({
    queryKey: KEYS.ides,
    queryFn: async ({ signal }) =>
      (await api.request<Items<IdeStatus>>('GET', '/ides', { signal })).items,
    refetchInterval: ({ state }) =>
      state.data?.some((ide) => ide.state === 'installing') === true ? FAST_MS : SLOW_MS,
  })
}

/** The Pythons and Rs of the server. */
export function useVersions(): UseQueryResult<readonly VersionView[]> {
  const { api } = useServices()
  return useQuery({
    queryKey: KEYS.versions,
    queryFn: async ({ signal }) =>
      (await api.request<Items<VersionView>>('GET', '/versions', { signal })).items,
    staleTime: SLOW_MS,
  })
}

/** The resource profiles that a session can be started with. */
export function useProfiles(): UseQueryResult<readonly Profile[]> {
  const { api } = useServices()
  return useQuery({
    queryKey: KEYS.profiles,
    queryFn: async ({ signal }) =>
      (await api.request<Items<Profile>>('GET', '/profiles', { signal })).items,
    staleTime: SLOW_MS,
  })
}

/** What the user may have; read again whenever a page asks for it. */
export function useLimits(): UseQueryResult<LimitsView> {
  const { api } = useServices()
  return useQuery({
    queryKey: KEYS.limits,
    queryFn: ({ signal }) => api.request<LimitsView>('GET', '/limits', { signal }),
  })
}

/** Has the server look for Pythons and Rs again. */
export function useRescan(): UseMutationResult<readonly VersionView[], Error, void> {
  const { api } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async () =>
      (await api.request<Items<VersionView>>('GET', '/versions?rescan=true')).items,
    onSuccess: (versions) => queries.setQueryData(KEYS.versions, versions),
  })
}

/** All sessions of the user. */
export function useSessions(): UseQueryResult<readonly SessionView[]> {
  const { api } = useServices()
  const queries = useQueryClient()
  return useQuery({
    queryKey: KEYS.sessions,
    queryFn: async ({ signal }) => {
      const items = await allPages<SessionView>(api, '/sessions', signal)
      return mergedList(queries.getQueryData(KEYS.sessions) ?? [], items)
    },
    refetchInterval: ({ state }) => (state.status === 'error' ? RETRY_MS : SLOW_MS),
  })
}

/** The ports that the session serves, read every two seconds while `wanted`. */
export function usePorts(id: string, wanted: boolean): UseQueryResult<readonly SessionPort[]> {
  const { api } = useServices()
  return useQuery({
    queryKey: KEYS.ports(id),
    queryFn: async ({ signal }) => {
      const path = `/sessions/${encodeURIComponent(id)}/ports`
      return (await api.request<Items<SessionPort>>('GET', path, { signal })).items
    },
    enabled: wanted,
    refetchInterval: FAST_MS,
  })
}

/** One session; read every two seconds while it starts or stops, also when the page is hidden. */
export function useSession(id: string): UseQueryResult<SessionView> {
  const { api } = useServices()
  const queries = useQueryClient()
  return useQuery({
    queryKey: KEYS.session(id),
    queryFn: async ({ signal }) => {
      const path = `/sessions/${encodeURIComponent(id)}`
      const read = await api.request<SessionView>('GET', path, { signal })
      return newerOf(queries.getQueryData(KEYS.session(id)), read)
    },
    refetchInterval: ({ state }) =>
      state.data?.state === 'Starting' || state.data?.state === 'Stopping' ? FAST_MS : SLOW_MS,
    refetchIntervalInBackground: true,
  })
}
