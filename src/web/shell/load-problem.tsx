import { Alert, Button, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** Says that something could not be read, and offers to try again. */
export function LoadProblem({
  title,
  error,
  onRetry,
}: {
  title: string
  error: Error
  onRetry: () => unknown
}): ReactNode {
  return (
    <Alert
      mb="md"
      color="var(--atelier-bad)"
      title={title}
      icon={<IconAlertTriangle />}
      role="alert"
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{error.message}</Text>
        <Button size="compact-md" fz="sm" variant="default" onClick={() => void onRetry()}>
          Try again
        </Button>
      </Stack>
    </Alert>
  )
}
