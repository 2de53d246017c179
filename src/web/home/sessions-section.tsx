import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useCallback, useEffect, type ReactNode } from 'react'
import { useSessions } from '../api/queries.ts'
import { useShortcuts } from '../keyboard/use-shortcuts.ts'
import { ListLoading } from '../list/list-loading.tsx'
import { changedStates, useAnnouncedChanges } from '../live/use-announced-changes.ts'
import { NewSessionDialog } from '../new-session/new-session-dialog.tsx'
import { LoadProblem } from '../shell/load-problem.tsx'
import { Announcement, usePageHeading } from '../shell/page.tsx'
import { EmptyHome } from './empty-home.tsx'
import { HomeHead } from './home-head.tsx'
import { SessionList } from './session-list.tsx'

/** All sessions of the user, and the way to a new one. */
export function SessionsSection(): ReactNode {
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
      <HomeHead section="sessions" heading={heading}>
        {!empty && (
          <Button leftSection={<IconPlus size={18} />} onClick={choose.open}>
            New session
          </Button>
        )}
      </HomeHead>
      {sessions === undefined && error === null && <ListLoading what="sessions" />}
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
