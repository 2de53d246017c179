import { Loader, Paper, Stack, Text, Title } from '@mantine/core'
import { useCallback, type ReactNode } from 'react'
import { useHistoryState } from 'wouter/use-browser-location'
import { LoadProblem } from '../shell/load-problem.tsx'
import { usePageHeading } from '../shell/page.tsx'
import { LinkProblem, LinkSignIn } from './link-sign-in.tsx'
import { PasswordForm } from './password-form.tsx'
import { ProxiedSignIn } from './proxied-sign-in.tsx'
import styles from './sign-in-page.module.css'
import { hasSignedOut, reasonOf, reasonText } from './sign-in-reason.ts'
import { useSignIn } from './use-sign-in.ts'
import { useSignInWays } from './use-sign-in-ways.ts'

/** Where people sign in, in the way that is configured, or by a link whose token is in the address. */
export function SignInPage(): ReactNode {
  const heading = usePageHeading('Sign in')
  const signIn = useSignIn()
  const { data: ways, error: unread, refetch } = useSignInWays()
  const { error, variables: attempt, mutate, reset } = signIn
  const working = signIn.isPending || signIn.isSuccess
  const reason = reasonOf(useHistoryState<{ reason?: unknown } | null>()?.reason)
  const byProxy = useCallback(() => mutate({ by: 'proxy' }), [mutate])
  const text = error === null && !working ? reasonText(reason) : null
  const isLink = attempt?.by === 'link'
  const onRetry = attempt === undefined ? undefined : () => mutate(attempt)
  // The form stays while it works, so that nothing that was typed is lost.
  const isForm = ways?.method === 'pam' && !(isLink && working)
  return (
    <main className={styles['page']}>
      <Paper withBorder p="xl" radius="lg" maw={460} w="100%">
        <Stack gap="md">
          <img src="/favicon.svg" alt="" width={44} height={44} />
          <Title order={1} size="h2" ref={heading} tabIndex={-1}>
            {working && !isForm ? 'Signing in…' : 'Sign in to Atelier'}
          </Title>
          <div role="status">{working && !isForm && <Loader size="sm" aria-hidden />}</div>
          {text !== null && <Text>{text}</Text>}
          {ways === undefined && unread !== null && !working && (
            <LoadProblem
              title="It could not be found out how to sign in"
              error={unread}
              onRetry={refetch}
            />
          )}
          {isForm && (
            <>
              {isLink && error !== null && <LinkProblem error={error} onRetry={onRetry} />}
              <PasswordForm
                error={isLink ? null : error}
                working={working}
                onSubmit={(wanted) => {
                  reset()
                  mutate(wanted)
                }}
              />
            </>
          )}
          {ways?.method === 'proxied' && !working && (
            <ProxiedSignIn
              error={error}
              automatic={signIn.isIdle && !hasSignedOut(reason)}
              signInUrl={ways.signInUrl}
              onSignIn={byProxy}
            />
          )}
          {ways?.method === 'link' && !working && <LinkSignIn error={error} onRetry={onRetry} />}
        </Stack>
      </Paper>
    </main>
  )
}
