import { Group, Modal, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { SessionView } from '../api/session-view.ts'
import { labelOf } from '../ides/ide-look.ts'
import { CopyButton } from '../shell/copy-button.tsx'
import { LogText } from '../start/log-text.tsx'
import { plainText } from '../start/output-text.ts'

/** Shows the last lines that the IDE of an ended session wrote. */
export function LogDialog({
  session,
  opened,
  onClose,
}: {
  session: SessionView
  opened: boolean
  onClose: () => void
}): ReactNode {
  const log = plainText(session.logTail ?? '')
  return (
    <Modal opened={opened} onClose={onClose} title={`Log of ${labelOf(session)}`} size="xl">
      {session.reason !== null && <Text mb="sm">{session.reason}</Text>}
      {log === '' ? (
        <Text c="dimmed">This session left no log.</Text>
      ) : (
        <>
          <LogText label="Last lines of the log" text={log} />
          <Group justify="flex-end" mt="md">
            <CopyButton text={log} label="Copy log" />
          </Group>
        </>
      )}
    </Modal>
  )
}
