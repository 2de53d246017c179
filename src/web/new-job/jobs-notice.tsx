import { Alert, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { JobsLeft } from './jobs-left.ts'

/** How many jobs somebody has, once that matters: that this one will wait, or that no other may be submitted. */
export function JobsNotice({ left: { isReached, waits, text } }: { left: JobsLeft }): ReactNode {
  if (text === null) return null
  if (!isReached && !waits) {
    return (
      <Text size="sm" c="dimmed">
        {text}
      </Text>
    )
  }
  return (
    <Alert
      color={isReached ? 'var(--atelier-warn)' : 'var(--atelier-busy)'}
      icon={<IconInfoCircle />}
      title={isReached ? 'You cannot submit another job now' : 'It will not start at once'}
      role="status"
    >
      {text}
    </Alert>
  )
}
