import { Modal } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { NewTokenForm } from './new-token-form.tsx'
import { NewTokenShown } from './new-token-shown.tsx'
import type { CreatedToken } from './token-view.ts'

/** Makes a token and shows it, once: it is forgotten when the dialog closes. */
export function NewTokenDialog({
  opened,
  onClose,
}: {
  opened: boolean
  onClose: () => void
}): ReactNode {
  const [created, setCreated] = useState<CreatedToken | null>(null)
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={() => setCreated(null)}
      title={created === null ? 'New token' : `Token ${created.name}`}
      size="lg"
      // A slip of the hand must not lose what is shown only once.
      closeOnClickOutside={created === null}
      closeOnEscape={created === null}
    >
      {created === null ? (
        <NewTokenForm onCreated={setCreated} onCancel={onClose} />
      ) : (
        <NewTokenShown created={created} onClose={onClose} />
      )}
    </Modal>
  )
}
