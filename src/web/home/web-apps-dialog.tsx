import { Anchor, List, Modal, Stack, Text } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { usePorts } from '../api/queries.ts'
import type { SessionPort, SessionView } from '../api/session-view.ts'
import { labelOf } from '../ides/ide-look.ts'
import { CommandLine } from '../shell/command-line.tsx'
import { LoadProblem } from '../shell/load-problem.tsx'

/** True while programs of the session can be reached. */
export function canServe({ state }: Pick<SessionView, 'state'>): boolean {
  return state === 'Active' || state === 'Idle'
}

/** Shows the web apps that a session serves now, with links; and how to start one if there is none. */
export function WebAppsDialog({
  session,
  opened,
  onClose,
}: {
  session: SessionView
  opened: boolean
  onClose: () => void
}): ReactNode {
  const { data, error, refetch } = usePorts(session.id, opened)
  return (
    <Modal opened={opened} onClose={onClose} title={`Web apps of ${labelOf(session)}`} size="lg">
      {error !== null && (
        <LoadProblem title="The web apps cannot be shown" error={error} onRetry={refetch} />
      )}
      <div aria-live="polite">
        {data === undefined && error === null && <Text c="dimmed">Looking for web apps…</Text>}
        {data?.length === 0 && <NoWebApps />}
        {data !== undefined && data.length > 0 && <WebAppList ports={data} />}
      </div>
    </Modal>
  )
}

function WebAppList({ ports }: { ports: readonly SessionPort[] }): ReactNode {
  return (
    <Stack gap="sm">
      <Text size="sm">
        Programs of this session listen at these ports. Those that speak HTTP open in your browser.
      </Text>
      <List listStyleType="none" spacing="xs" aria-label="Web apps">
        {ports.map(({ port, process, url }) => (
          <List.Item key={port} icon={<IconExternalLink size={16} aria-hidden />}>
            <Anchor href={url} target="_blank" rel="noopener">
              Port {port}
            </Anchor>{' '}
            <Text component="span" size="sm" c="dimmed">
              {process}
            </Text>
          </List.Item>
        ))}
      </List>
    </Stack>
  )
}

function NoWebApps(): ReactNode {
  return (
    <Stack gap="sm">
      <Text>This session serves no web app now.</Text>
      <Text size="sm" c="dimmed">
        Start one in a terminal, notebook or console of this session and let it listen on 127.0.0.1,
        at any port above 1023. It appears here by itself, for you alone. For example:
      </Text>
      <CommandLine command="python3 -m http.server --bind 127.0.0.1 8050" />
    </Stack>
  )
}
