import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { QuestionDialog } from '../shell/question-dialog.tsx'
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
    <QuestionDialog
      title={`Revoke ${token.name}?`}
      button="Revoke"
      dangerous
      problem="The token could not be revoked"
      pending={revoke.isPending}
      error={revoke.error}
      opened={opened}
      onConfirm={() => revoke.mutate(token, { onSuccess: onClose })}
      onClose={onClose}
      onGone={onGone}
    >
      <Text>
        Whatever uses this token is refused from now on. This cannot be undone; you can make a new
        one.
      </Text>
    </QuestionDialog>
  )
}
