import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { showProblem } from '../shell/show-problem.ts'
import type { SignInReason } from '../sign-in/sign-in-reason.ts'
import { ApiError } from './api.ts'
import { useServices } from './services.tsx'
import { KEYS } from './session-cache.ts'
import type { Me } from './session-view.ts'

/** Signs out, in all browsers if that is wanted, and goes to the sign-in page or where the proxy in front signs out. */
export function useSignOut(): UseMutationResult<null, Error, { readonly everywhere: boolean }> {
  const { api, news } = useServices()
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const leave = (reason: SignInReason): void => {
    news.tell('signed-out')
    const url = queries.getQueryData<Me>(KEYS.me)?.signIn.signOutUrl ?? null
    navigate('/sign-in', { state: { reason } })
    queries.clear()
    if (url !== null) window.location.assign(url)
  }
  return useMutation({
    mutationFn: (body: { readonly everywhere: boolean }) =>
      api.request<null>('POST', '/sign-out', { body }),
    onSuccess: (_answer, { everywhere }) =>
      leave(everywhere ? 'signed-out-everywhere' : 'signed-out'),
    onError: (error) => {
      // The cookie is gone all the same; what the other servers do not know yet is told there.
      if (error instanceof ApiError && error.code === 'DATABASE_UNAVAILABLE') {
        leave('signed-out-here')
      } else showProblem('You could not be signed out', error)
    },
  })
}
