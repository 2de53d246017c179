import { useMutation, type UseMutationResult } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { IdeName } from '../../sessions/session.ts'
import { labelOf } from '../ides/ide-look.ts'
import { showProblem } from '../shell/show-problem.ts'
import { RequestKeys } from './request-keys.ts'
import { useServices } from './services.tsx'
import type { SessionView } from './session-view.ts'

/** What a new session is made of. */
export interface NewSession {
  readonly ide: IdeName
  readonly name?: string
  readonly python?: string | null
  readonly r?: string | null
  readonly profile?: string | null
  readonly folder?: string | null
}

/** Creates a session and opens its start page; a failure is for the caller to tell. */
export function useCreateSession(
  onError?: (error: Error) => void,
): UseMutationResult<SessionView, Error, NewSession> {
  const { api, cache } = useServices()
  const [, navigate] = useLocation()
  const [keys] = useState(() => new RequestKeys())
  return useMutation({
    mutationFn: (body: NewSession) =>
      api.request<SessionView>('POST', '/sessions', { body, idempotencyKey: keys.of(body) }),
    onSuccess: async (session) => {
      keys.done()
      await cache.apply(session)
      navigate(`/sessions/${session.id}`)
    },
    ...(onError === undefined ? {} : { onError }),
  })
}

/** Starts another session like the given one. */
export function useStartAgain(): { start: (like: SessionView) => void; starting: boolean } {
  const create = useCreateSession((error) => showProblem('The session could not be started', error))
  const start = ({ ide, name, python, r, profile, folder }: SessionView): void =>
    create.mutate({ ide, python, r, profile, folder, ...(name !== null && { name }) })
  return { start, starting: create.isPending }
}

/** Starts a session whose server is lost again, on another one. */
export function useRestartSession(): UseMutationResult<SessionView, Error, SessionView> {
  const { api, cache } = useServices()
  return useMutation({
    mutationFn: ({ id }: SessionView) =>
      api.request<SessionView>('POST', `/sessions/${id}/restart`),
    onSuccess: (session) => cache.apply(session),
    onError: (error, session) => {
      showProblem(`${labelOf(session)} could not be started again`, error)
      void cache.refresh()
    },
  })
}

/** Renames a session; an empty name takes its name away. */
export function useRenameSession(): UseMutationResult<
  SessionView,
  Error,
  { session: SessionView; name: string }
> {
  const { api, cache } = useServices()
  return useMutation({
    // Without a version: the last to rename wins, whatever else changed meanwhile.
    mutationFn: ({ session, name }: { session: SessionView; name: string }) =>
      api.request<SessionView>('PATCH', `/sessions/${session.id}`, {
        body: { name: name === '' ? null : name },
      }),
    onSuccess: (session) => cache.apply(session),
    onError: (error, { session }) => {
      showProblem(`${labelOf(session)} could not be renamed`, error)
      void cache.refresh()
    },
  })
}

/** Stops a session, at once when forced; removes it when it has ended already. */
export function useStopSession(): UseMutationResult<
  SessionView | null,
  Error,
  { session: SessionView; force?: boolean }
> {
  const { api, cache } = useServices()
  return useMutation({
    mutationFn: ({ session, force = false }: { session: SessionView; force?: boolean }) =>
      api.request<SessionView | null>(
        'DELETE',
        `/sessions/${session.id}${force ? '?force=true' : ''}`,
      ),
    onSuccess: (answer, { session }) =>
      answer === null ? cache.remove(session.id) : cache.apply(answer),
    onError: (error, { session }) => {
      showProblem(`${labelOf(session)} could not be stopped`, error)
      void cache.refresh()
    },
  })
}
