import { Button, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { usePageHeading } from './page.tsx'

/** Any address that is no page. */
export function NotFoundPage(): ReactNode {
  const heading = usePageHeading('Not found')
  return (
    <Stack align="flex-start" gap="md" maw={560}>
      <Title order={1} size="h2" ref={heading} tabIndex={-1}>
        There is nothing at this address
      </Title>
      <Text>
        The link may be old, or a letter of it may be missing. Your sessions are all here:
      </Text>
      <Button component={Link} href="/">
        Go to my sessions
      </Button>
    </Stack>
  )
}
