import { useMutation, type UseMutationResult } from '@tanstack/react-query'
import { useServices } from '../api/services.tsx'
import type { SessionView } from '../api/session-view.ts'
import { labelOf } from '../ides/ide-look.ts'
import { showProblem } from '../shell/show-problem.ts'

/** Keeps a session until a time in ms since 1970, or no longer than its limits if that is null. */
export function useKeepSession(): UseMutationResult<
  SessionView,
  Error,
  { session: SessionView; until: number | null }
> {
  const { api, cache } = useServices()
  return useMutation({
    mutationFn: ({ session, until }: { session: SessionView; until: number | null }) =>
      api.request<SessionView>('PUT', `/sessions/${session.id}/keep`, {
        body: { until: until === null ? null : new Date(until).toISOString() },
      }),
    onSuccess: (session) => cache.apply(session),
    onError: (error, { session }) => {
      showProblem(`${labelOf(session)} could not be kept`, error)
      void cache.refresh()
    },
  })
}
