import { Alert, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** Says why nobody is signed in yet, and what can be done. */
export function SignInProblem({
  error,
  children,
}: {
  error: Error
  children?: ReactNode
}): ReactNode {
  return (
    <Alert
      color="var(--atelier-bad)"
      icon={<IconAlertTriangle />}
      title="You are not signed in yet"
      role="alert"
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{error.message}</Text>
        {children}
      </Stack>
    </Alert>
  )
}
