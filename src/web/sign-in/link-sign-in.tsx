import { Button, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { ApiError } from '../api/api.ts'
import { CommandLine } from '../shell/command-line.tsx'
import { SignInProblem } from './sign-in-problem.tsx'

/** Tells how to get a link that signs in, and what was wrong with the one that was used. */
export function LinkSignIn({
  error,
  onRetry,
}: {
  error: Error | null
  /** Undefined if there is nothing to be tried again. */
  onRetry: (() => void) | undefined
}): ReactNode {
  return (
    <>
      {error !== null && <LinkProblem error={error} onRetry={onRetry} />}
      <Text>
        You sign in with a link that works once. Atelier prints one in the terminal where it was
        started.
      </Text>
      <Text>To make a new link, run this on the server and open what it prints:</Text>
      <CommandLine command="atelier sign-in" />
    </>
  )
}

/** What was wrong with a link; one that could not be looked at may be tried again. */
export function LinkProblem({
  error,
  onRetry,
}: {
  error: Error
  onRetry: (() => void) | undefined
}): ReactNode {
  const mayRetry = error instanceof ApiError && error.code !== 'SIGN_IN_LINK_INVALID'
  return (
    <SignInProblem error={error}>
      {mayRetry && onRetry !== undefined && (
        <Button size="compact-md" fz="sm" variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </SignInProblem>
  )
}
