import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { TokenView } from './token-view.ts'
import { useRevokeToken } from './use-tokens.ts'

/** Asks before a token is revoked; `onGone` is called when the dialog has left the screen. */
export function RevokeDialog({
  token,
  opened,
  onClose,
  onGone,
}: {
  token: TokenView
  opened: boolean
  onClose: () => void
  onGone: () => void
}): ReactNode {
  const revoke = useRevokeToken()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={onGone}
      title={`Revoke ${token.name}?`}
      centered
    >
      <Stack gap="md">
        <Text>
          Whatever uses this token is refused from now on. This cannot be undone; you can make a new
          one.
        </Text>
        {revoke.error !== null && (
          <Alert
            color="var(--atelier-bad)"
            icon={<IconAlertTriangle />}
            title="The token could not be revoked"
            role="alert"
          >
            {revoke.error.message}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button
            color="red.9"
            loading={revoke.isPending}
            onClick={() => revoke.mutate(token, { onSuccess: onClose })}
          >
            Revoke
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
