import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query'
import { useCallback, useEffect } from 'react'
import { useLocation } from 'wouter'
import { useServices } from '../api/services.tsx'
import { isOwnPage } from './next-path.ts'
import { rememberNext, takeNext } from './remembered-next.ts'

/** What somebody signs in with: a link's token, a name and a password, or what the proxy in front says. */
export type SignInAttempt =
  | { readonly by: 'link'; readonly token: string }
  | { readonly by: 'password'; readonly user: string; readonly password: string }
  | { readonly by: 'proxy' }

/** Signs in, by itself with the token of the address bar if there is one, and goes where the user wanted to be. */
export function useSignIn(): UseMutationResult<null, Error, SignInAttempt> {
  const { api, news } = useServices()
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const signIn = useMutation({
    mutationFn: (attempt: SignInAttempt) => {
      const [path, body] = requestOf(attempt)
      return api.request<null>('POST', path, { body })
    },
    onSuccess: () => {
      news.tell('signed-in')
      enter()
    },
    // A password stays nowhere longer than it must.
    gcTime: 0,
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
      if (token !== '') mutate({ by: 'link', token })
    }
    read()
    // A link pasted into the same tab changes only the fragment.
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }, [mutate])

  return signIn
}

function requestOf(attempt: SignInAttempt): [path: string, body: object | undefined] {
  switch (attempt.by) {
    case 'link':
      return ['/sign-in', { token: attempt.token }]
    case 'password':
      return ['/sign-in/password', { user: attempt.user, password: attempt.password }]
    case 'proxy':
      return ['/sign-in/proxied', undefined]
  }
}

// Out of the address bar and the history before anything else happens: the token is a secret.
function takeToken(): string {
  const token = window.location.hash.slice(1)
  if (token !== '') window.history.replaceState(window.history.state, '', '/sign-in')
  return token
}
