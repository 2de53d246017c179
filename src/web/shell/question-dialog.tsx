import { Alert, Button, Group, Modal, Stack } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** Asks before something is done, and tells if it failed; `onGone` is called when the dialog has left the screen. */
export function QuestionDialog({
  title,
  children,
  button,
  dangerous = false,
  pending,
  error,
  problem,
  opened,
  onConfirm,
  onClose,
  onGone,
}: {
  title: string
  children: ReactNode
  /** What the button that does it says. */
  button: string
  dangerous?: boolean
  pending: boolean
  error: Error | null
  /** What is said above the error's own sentence. */
  problem: string
  opened: boolean
  onConfirm: () => void
  onClose: () => void
  onGone?: () => void
}): ReactNode {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      centered
      {...(onGone !== undefined && { onExitTransitionEnd: onGone })}
    >
      <Stack gap="md">
        {children}
        {error !== null && (
          <Alert
            color="var(--atelier-bad)"
            icon={<IconAlertTriangle />}
            title={problem}
            role="alert"
          >
            {error.message}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button {...(dangerous && { color: 'red.9' })} loading={pending} onClick={onConfirm}>
            {button}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
