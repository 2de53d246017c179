import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconCloudOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { SessionView } from '../api/session-view.ts'
import { LostActions } from '../home/lost-actions.tsx'
import { nodeNotice } from '../home/node-notice.ts'
import { useNow } from '../live/use-now.ts'

/** A session whose server is lost: it may come back with it, or be started again elsewhere. */
export function LostView({ session }: { session: SessionView }): ReactNode {
  const now = useNow(30_000)
  return (
    <Stack gap="lg">
      <Alert color="var(--atelier-bad)" icon={<IconCloudOff />}>
        {nodeNotice(session, now)}
      </Alert>
      <Text>
        If the server comes back, so does the session, with all that is in it, and this page opens
        it. You need not wait: started again on another server it has your files, but not what was
        only in its memory.
      </Text>
      <Group>
        <LostActions session={session} size="sm" />
        <Button component={Link} href="/" variant="subtle">
          Back to my sessions
        </Button>
      </Group>
    </Stack>
  )
}
