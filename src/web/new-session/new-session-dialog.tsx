import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { NewSessionForm } from './new-session-form.tsx'

/** Asks what session to start. */
export function NewSessionDialog({
  opened,
  onClose,
}: {
  opened: boolean
  onClose: () => void
}): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title="New session" size="lg">
      <NewSessionForm onCancel={onClose} />
    </Modal>
  )
}
