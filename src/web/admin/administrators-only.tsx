import { Button, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useMe } from '../api/queries.ts'
import { usePageHeading } from '../shell/page.tsx'

/** A page for administrators; everybody else is told so. */
export function AdministratorsOnly({ children }: { children: ReactNode }): ReactNode {
  const me = useMe()
  return me.data?.role === 'user' ? <NotForYou /> : children
}

function NotForYou(): ReactNode {
  const heading = usePageHeading('Dashboard')
  return (
    <Stack align="flex-start" gap="md" maw={560}>
      <Title order={1} size="h2" ref={heading} tabIndex={-1}>
        Only administrators see this page
      </Title>
      <Text>What you ran yourself, and how much you used, is in your history:</Text>
      <Button component={Link} href="/history">
        Go to my history
      </Button>
    </Stack>
  )
}
