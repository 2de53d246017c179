import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { ShortcutList } from './shortcut-list.tsx'

/** Tells which keys do what. */
export function ShortcutsDialog({
  opened,
  onClose,
}: {
  opened: boolean
  onClose: () => void
}): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts" centered>
      <ShortcutList />
    </Modal>
  )
}
