import { Alert, Button, Loader, Paper, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { ApiError } from '../api/api.ts'
import { CommandLine } from '../shell/command-line.tsx'
import { usePageHeading } from '../shell/page.tsx'
import { useHistoryState } from 'wouter/use-browser-location'
import styles from './sign-in-page.module.css'
import { reasonText } from './sign-in-reason.ts'
import { useSignIn } from './use-sign-in.ts'

/** Where the sign-in link leads; without a token in it, the page tells how to get one. */
export function SignInPage(): ReactNode {
  const heading = usePageHeading('Sign in')
  const signIn = useSignIn()
  const { error, variables: token } = signIn
  const working = signIn.isPending || signIn.isSuccess
  const reason = reasonText(useHistoryState<{ reason?: unknown } | null>()?.reason)
  const mayRetry = error instanceof ApiError && error.code !== 'SIGN_IN_LINK_INVALID'
  return (
    <main className={styles['page']}>
      <Paper withBorder p="xl" radius="lg" maw={460} w="100%">
        <Stack gap="md">
          <img src="/favicon.svg" alt="" width={44} height={44} />
          <Title order={1} size="h2" ref={heading} tabIndex={-1}>
            {working ? 'Signing in…' : 'Sign in to Atelier'}
          </Title>
          <div role="status">{working && <Loader size="sm" aria-hidden />}</div>
          {reason !== null && !working && error === null && <Text>{reason}</Text>}
          {error !== null && !working && (
            <Alert
              color="var(--atelier-bad)"
              icon={<IconAlertTriangle />}
              title="You are not signed in yet"
              role="alert"
            >
              <Stack gap="sm" align="flex-start">
                <Text size="sm">{error.message}</Text>
                {mayRetry && token !== undefined && (
                  <Button
                    size="compact-md"
                    fz="sm"
                    variant="default"
                    onClick={() => signIn.mutate(token)}
                  >
                    Try again
                  </Button>
                )}
              </Stack>
            </Alert>
          )}
          {!working && <HowToSignIn />}
        </Stack>
      </Paper>
    </main>
  )
}

function HowToSignIn(): ReactNode {
  return (
    <>
      <Text>
        You sign in with a link that works once. Atelier prints one in the terminal where it was
        started.
      </Text>
      <Text>To make a new link, run this on the server and open what it prints:</Text>
      <CommandLine command="atelier sign-in" />
    </>
  )
}
