import { Button, Group, Text } from '@mantine/core'
import { useEffect, type ReactNode } from 'react'
import { SignInProblem } from './sign-in-problem.tsx'

/**
 * Signs in whom the proxy in front has signed in: by itself while `automatic`, which is once and not when the user has just
 * signed out here. `signInUrl` is where the proxy does that, if that is known.
 */
export function ProxiedSignIn({
  error,
  automatic,
  signInUrl,
  onSignIn,
}: {
  error: Error | null
  automatic: boolean
  signInUrl: string | null
  onSignIn: () => void
}): ReactNode {
  useEffect(() => {
    if (automatic) onSignIn()
  }, [automatic, onSignIn])
  if (automatic) return null
  return (
    <>
      {error !== null && <SignInProblem error={error} />}
      {error !== null && signInUrl === null && (
        <Text>
          You sign in to Atelier by the sign-in of your organisation. Use the address that you were
          given for it, or ask its administrator.
        </Text>
      )}
      <Group>
        {error !== null && signInUrl !== null && (
          <Button component="a" href={signInUrl}>
            Go to the sign-in page
          </Button>
        )}
        <Button variant={error === null ? 'filled' : 'default'} onClick={onSignIn}>
          {error === null ? 'Sign in again' : 'Try again'}
        </Button>
      </Group>
    </>
  )
}
