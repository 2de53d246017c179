import { Button, Group, Stack, Text } from '@mantine/core'
import { IconPlayerStop } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useStopSession } from '../api/actions.ts'
import type { SessionView } from '../api/session-view.ts'
import { formatElapsed } from '../format/format-time.ts'
import { nodeNotice } from '../home/node-notice.ts'
import { IDE_LOOKS } from '../ides/ide-look.ts'
import { useNow } from '../live/use-now.ts'
import type { OutputText } from './output-text.ts'
import { OutputView } from './output-view.tsx'
import { startSteps } from './start-steps.ts'
import { StepsList } from './steps-list.tsx'

const SLOW_AFTER_MS = 20_000

/** A session on its way to be ready: how far it is, and what its IDE says. */
export function StartingView({
  session,
  output,
}: {
  session: SessionView
  output: OutputText
}): ReactNode {
  const stop = useStopSession()
  const now = useNow(1000)
  // Not since its creation: it may be started again elsewhere.
  const elapsed = now - Date.parse(session.stateAt)
  const { title } = IDE_LOOKS[session.ide]
  const hasOutput = output.blocks.length > 0 || output.partial !== ''
  return (
    <Stack gap="lg">
      <StepsList steps={startSteps(session, title, hasOutput)} />
      <Text>
        {nodeNotice(session, now) ??
          session.reason ??
          'The page opens the session by itself when it is ready.'}{' '}
        <Text component="span" c="dimmed">
          {formatElapsed(elapsed)} so far.
        </Text>
      </Text>
      {elapsed > SLOW_AFTER_MS && (
        <Text size="sm" c="dimmed">
          This takes longer than usual. You may leave this page: the session goes on starting, and
          the list of your sessions shows when it is ready.
        </Text>
      )}
      <OutputView output={output} label={`Output of ${title}`} />
      <Group>
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={18} />}
          loading={stop.isPending}
          onClick={() => stop.mutate({ session })}
        >
          Stop
        </Button>
        <Button component={Link} href="/" variant="subtle">
          Back to my sessions
        </Button>
      </Group>
    </Stack>
  )
}
