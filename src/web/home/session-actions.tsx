import { Button, Group } from '@mantine/core'
import { IconExternalLink, IconPlayerStop, IconProgress, IconRotate } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { isFinal } from '../../sessions/session.ts'
import { useStartAgain, useStopSession } from '../api/actions.ts'
import type { SessionView } from '../api/session-view.ts'
import { labelOf } from '../ides/ide-look.ts'
import { useOpenIn } from '../settings/use-open-in.ts'
import { LostActions } from './lost-actions.tsx'
import { EndedMenu, RunningMenu } from './session-menus.tsx'
import styles from '../list/rows.module.css'
import { useKeptFocus } from '../list/use-kept-focus.ts'

/** What can be done with a session in its state. */
export function SessionActions({ session }: { session: SessionView }): ReactNode {
  return (
    <Group gap={6} className={styles['buttons']} {...useKeptFocus(session.state)}>
      <ActionsOf session={session} />
    </Group>
  )
}

function ActionsOf({ session }: { session: SessionView }): ReactNode {
  if (isFinal(session.state)) return <EndedActions session={session} />
  if (session.state === 'Lost') return <LostActions session={session} size="compact-md" />
  return <RunningActions session={session} />
}

function RunningActions({ session }: { session: SessionView }): ReactNode {
  const stop = useStopSession()
  const openIn = useOpenIn()
  const label = labelOf(session)
  const stopping = session.state === 'Stopping'
  return (
    <>
      {(session.state === 'Active' || session.state === 'Idle') && (
        <Button
          component="a"
          href={session.url}
          {...openIn}
          size="compact-md"
          fz="sm"
          leftSection={<IconExternalLink size={16} />}
          aria-label={`Open ${label}`}
        >
          Open
        </Button>
      )}
      {session.state === 'Starting' && (
        <Button
          component={Link}
          href={`/sessions/${session.id}`}
          size="compact-md"
          fz="sm"
          variant="outline"
          leftSection={<IconProgress size={16} />}
          aria-label={`Progress of ${label}`}
        >
          Progress
        </Button>
      )}
      {!stopping && (
        <Button
          size="compact-md"
          fz="sm"
          variant="default"
          leftSection={<IconPlayerStop size={16} />}
          loading={stop.isPending}
          onClick={() => stop.mutate({ session })}
          aria-label={`Stop ${label}`}
        >
          Stop
        </Button>
      )}
      <RunningMenu session={session} />
    </>
  )
}

function EndedActions({ session }: { session: SessionView }): ReactNode {
  const { start, starting } = useStartAgain()
  return (
    <>
      <Button
        size="compact-md"
        fz="sm"
        variant="outline"
        leftSection={<IconRotate size={16} />}
        loading={starting}
        onClick={() => start(session)}
        aria-label={`Start again ${labelOf(session)}`}
      >
        Start again
      </Button>
      <EndedMenu session={session} />
    </>
  )
}
