import { Button, Group, Modal, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useStopSession } from '../api/actions.ts'
import type { SessionView } from '../api/session-view.ts'
import { labelOf } from '../ides/ide-look.ts'

/** Asks before a session is killed, for what is not saved in it is lost. */
export function ForceStopDialog({
  session,
  opened,
  onClose,
}: {
  session: SessionView
  opened: boolean
  onClose: () => void
}): ReactNode {
  const stop = useStopSession()
  return (
    <Modal opened={opened} onClose={onClose} title={`Force stop ${labelOf(session)}?`} centered>
      <Text>
        The session ends at once, without a chance to save. Anything not saved in it is lost. Use
        this when Stop does not help.
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button
          color="red.9"
          onClick={() => {
            stop.mutate({ session, force: true })
            onClose()
          }}
        >
          Force stop
        </Button>
      </Group>
    </Modal>
  )
}
