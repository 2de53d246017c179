import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query'
import { useCallback, useEffect } from 'react'
import { useLocation } from 'wouter'
import { useServices } from '../api/services.tsx'
import { isOwnPage } from './next-path.ts'
import { rememberNext, takeNext } from './remembered-next.ts'

/** Signs in with the token of the address bar, if there is one, and goes where the user wanted to be. */
export function useSignIn(): UseMutationResult<null, Error, string> {
  const { api, news } = useServices()
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const signIn = useMutation({
    mutationFn: (token: string) => api.request<null>('POST', '/sign-in', { body: { token } }),
    onSuccess: () => {
      news.tell('signed-in')
      enter()
    },
  })
  const enter = useCallback(() => {
    queries.clear()
    const next = takeNext()
    if (isOwnPage(next)) navigate(next, { replace: true })
    else window.location.replace(next)
  }, [queries, navigate])
  useEffect(() => news.on('signed-in', enter), [news, enter])
  const { mutate } = signIn

  useEffect(() => {
    const read = (): void => {
      rememberNext(new URLSearchParams(window.location.search).get('next'))
      const token = takeToken()
      if (token !== '') mutate(token)
    }
    read()
    // A link pasted into the same tab changes only the fragment.
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }, [mutate])

  return signIn
}

// Out of the address bar and the history before anything else happens: the token is a secret.
function takeToken(): string {
  const token = window.location.hash.slice(1)
  if (token !== '') window.history.replaceState(window.history.state, '', '/sign-in')
  return token
}
