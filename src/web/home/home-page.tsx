import { Button, Group, Skeleton, Stack, Title, VisuallyHidden } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useCallback, useEffect, type ReactNode } from 'react'
import { useSessions } from '../api/queries.ts'
import { useShortcuts } from '../keyboard/use-shortcuts.ts'
import { changedStates, useAnnouncedChanges } from '../live/use-announced-changes.ts'
import { NewSessionDialog } from '../new-session/new-session-dialog.tsx'
import { LoadProblem } from '../shell/load-problem.tsx'
import { Announcement, usePageHeading } from '../shell/page.tsx'
import { EmptyHome } from './empty-home.tsx'
import { SessionList } from './session-list.tsx'

/** The home page: all sessions of the user, and the way to a new one. */
export function HomePage(): ReactNode {
  const heading = usePageHeading('Sessions')
  const { data: sessions, error, refetch } = useSessions()
  const [choosing, choose] = useDisclosure(false)
  const announcement = useAnnouncedChanges(sessions, changedStates)
  const count = sessions?.length
  const empty = count === 0
  const rescueFocus = useCallback(() => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
  }, [heading])
  // The row that had the focus may have gone.
  useEffect(rescueFocus, [count, rescueFocus])
  useShortcuts({ n: choose.open })
  return (
    <>
      <Group justify="space-between" mb="lg">
        <Title order={1} size="h2" ref={heading} tabIndex={-1}>
          Sessions
        </Title>
        {!empty && (
          <Button leftSection={<IconPlus size={18} />} onClick={choose.open}>
            New session
          </Button>
        )}
      </Group>
      {sessions === undefined && error === null && <Loading />}
      {error !== null && (
        <LoadProblem
          title={
            sessions === undefined ? 'Your sessions could not be read' : 'This may be out of date'
          }
          error={error}
          onRetry={refetch}
        />
      )}
      {empty && <EmptyHome onNew={choose.open} />}
      {sessions !== undefined && !empty && (
        <SessionList sessions={sessions} onFocusLost={rescueFocus} />
      )}
      <NewSessionDialog opened={choosing} onClose={choose.close} />
      <Announcement text={announcement} />
    </>
  )
}

function Loading(): ReactNode {
  return (
    <Stack gap="sm" aria-busy>
      <VisuallyHidden>Loading your sessions</VisuallyHidden>
      <Skeleton height={36} radius="md" />
      <Skeleton height={64} radius="md" />
      <Skeleton height={64} radius="md" />
      <Skeleton height={64} radius="md" />
    </Stack>
  )
}
