import { Alert, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { SessionsLeft } from './sessions-left.ts'

/** How many sessions are left, once they are few; where none is left, why and what to do. */
export function LeftNotice({ left: { isReached, text } }: { left: SessionsLeft }): ReactNode {
  if (text === null) return null
  if (!isReached) {
    return (
      <Text size="sm" c="dimmed">
        {text}
      </Text>
    )
  }
  return (
    <Alert
      color="var(--atelier-warn)"
      icon={<IconInfoCircle />}
      title="You cannot start another session now"
      role="status"
    >
      {text}
    </Alert>
  )
}
