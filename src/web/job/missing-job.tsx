import { Button, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'

/** A job that does not exist, no longer, or not for this user. */
export function MissingJob(): ReactNode {
  return (
    <Stack gap="lg" align="flex-start">
      <Text>It ended long ago and was removed, or it belongs to somebody else.</Text>
      <Button component={Link} href="/jobs" variant="default">
        Go to my jobs
      </Button>
    </Stack>
  )
}
