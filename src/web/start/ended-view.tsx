import { Button, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconHandStop, IconRotate } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useStartAgain } from '../api/actions.ts'
import type { SessionView } from '../api/session-view.ts'
import { ForceStopDialog } from '../home/force-stop-dialog.tsx'
import { nodeNotice } from '../home/node-notice.ts'
import { useNow } from '../live/use-now.ts'

/** A session that is being stopped; one that does not stop can be forced to. */
export function StoppingView({ session }: { session: SessionView }): ReactNode {
  const [asking, ask] = useDisclosure(false)
  const now = useNow(30_000)
  return (
    <Stack gap="lg">
      <Text>
        {nodeNotice(session, now) ?? session.reason ?? 'The IDE is given time to save and end.'}
      </Text>
      <Group>
        <HomeButton />
        <Button variant="default" leftSection={<IconHandStop size={18} />} onClick={ask.open}>
          Force stop…
        </Button>
      </Group>
      <ForceStopDialog session={session} opened={asking} onClose={ask.close} />
    </Stack>
  )
}

/** A session that has stopped. */
export function StoppedView({ session }: { session: SessionView }): ReactNode {
  const { start, starting } = useStartAgain()
  return (
    <Stack gap="lg">
      <Text>{session.reason ?? 'Your files are kept. You can start a session like it again.'}</Text>
      <Group>
        <Button
          leftSection={<IconRotate size={18} />}
          loading={starting}
          onClick={() => start(session)}
        >
          Start again
        </Button>
        <HomeButton />
      </Group>
    </Stack>
  )
}

/** A session that does not exist, no longer, or not for this user. */
export function MissingView(): ReactNode {
  return (
    <Stack gap="lg" align="flex-start">
      <Text>It has ended and was removed, or it belongs to somebody else.</Text>
      <HomeButton />
    </Stack>
  )
}

/** A session that is ready, while the browser loads it. */
export function ReadyView({ session }: { session: SessionView }): ReactNode {
  return (
    <Text>
      Opening it… If nothing happens, <a href={session.url}>open the session</a> yourself.
    </Text>
  )
}

function HomeButton(): ReactNode {
  return (
    <Button component={Link} href="/" variant="default">
      Back to my sessions
    </Button>
  )
}
