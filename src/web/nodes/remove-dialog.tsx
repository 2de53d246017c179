import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { sessionCount } from '../home/bulk-words.ts'
import { QuestionDialog } from '../shell/question-dialog.tsx'
import type { NodeView } from './node-view.ts'
import { useRemoveNode } from './use-nodes.ts'

/** Asks before a node that does not run any more is removed; `onGone` is called when the dialog has left the screen. */
export function RemoveDialog({
  node,
  opened,
  onClose,
  onGone,
}: {
  node: NodeView
  opened: boolean
  onClose: () => void
  onGone: () => void
}): ReactNode {
  const remove = useRemoveNode()
  const { name, sessions } = node
  return (
    <QuestionDialog
      title={`Remove ${name}?`}
      button="Remove"
      dangerous
      problem={`${name} could not be removed`}
      pending={remove.isPending}
      error={remove.error}
      opened={opened}
      onConfirm={() => remove.mutate(node, { onSuccess: onClose })}
      onClose={onClose}
      onGone={onGone}
    >
      <Text>It leaves this list. If it is started again, it comes back by itself.</Text>
      {sessions > 0 && (
        <Text>
          Remove it only if it is gone for good: it still holds {sessionCount(sessions)}, which
          their owners can start again elsewhere.
        </Text>
      )}
    </QuestionDialog>
  )
}
