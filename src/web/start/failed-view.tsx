import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconRotate } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useStartAgain } from '../api/actions.ts'
import { useMe } from '../api/queries.ts'
import type { SessionView } from '../api/session-view.ts'
import { CopyButton } from '../shell/copy-button.tsx'
import { failureDetails } from './failure-details.ts'
import { LogText } from './log-text.tsx'

/** A session that failed: why, its last lines, and what to do next. `log` is plain text. */
export function FailedView({ session, log }: { session: SessionView; log: string }): ReactNode {
  const me = useMe()
  const { start, starting } = useStartAgain()
  return (
    <Stack gap="lg">
      <Alert color="var(--atelier-bad)" icon={<IconAlertTriangle />} title="The session failed">
        {session.reason ?? 'The IDE ended without saying why.'}
      </Alert>
      <div>
        <Title order={2} size="h5" mb={6}>
          Last lines of the log
        </Title>
        {log === '' ? (
          <Text c="dimmed">This session left no log.</Text>
        ) : (
          <LogText label="Last lines of the log" text={log} />
        )}
      </div>
      <Text>
        You can start the session again. If it fails in the same way, copy the details and send them
        to whoever looks after this server.
      </Text>
      <Group>
        <Button
          leftSection={<IconRotate size={18} />}
          loading={starting}
          onClick={() => start(session)}
        >
          Start again
        </Button>
        <CopyButton text={failureDetails(session, me.data, log)} label="Copy details" size="sm" />
        <Button component={Link} href="/" variant="subtle">
          Back to my sessions
        </Button>
      </Group>
    </Stack>
  )
}
