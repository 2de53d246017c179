import { Button } from '@mantine/core'
import { IconPlayerStop, IconRotate } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useRestartSession, useStopSession } from '../api/actions.ts'
import type { SessionView } from '../api/session-view.ts'
import { labelOf } from '../ides/ide-look.ts'

/** What can be done with a session whose server is lost. */
export function LostActions({
  session,
  size,
}: {
  session: SessionView
  size: 'compact-md' | 'sm'
}): ReactNode {
  const restart = useRestartSession()
  const stop = useStopSession()
  const label = labelOf(session)
  return (
    <>
      <Button
        size={size}
        fz="sm"
        leftSection={<IconRotate size={16} />}
        loading={restart.isPending}
        onClick={() => restart.mutate(session)}
        aria-label={`Start again elsewhere: ${label}`}
      >
        Start again elsewhere
      </Button>
      <Button
        size={size}
        fz="sm"
        variant="default"
        leftSection={<IconPlayerStop size={16} />}
        loading={stop.isPending}
        onClick={() => stop.mutate({ session })}
        aria-label={`Stop ${label}`}
      >
        Stop
      </Button>
    </>
  )
}
