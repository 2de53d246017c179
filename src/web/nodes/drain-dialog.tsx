import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { sessionCount } from '../home/bulk-words.ts'
import { QuestionDialog } from '../shell/question-dialog.tsx'
import type { NodeView } from './node-view.ts'
import { useDrainNode } from './use-nodes.ts'

/** Asks before a node is drained; `onGone` is called when the dialog has left the screen. */
export function DrainDialog({
  node,
  isLast,
  opened,
  onClose,
  onGone,
}: {
  node: NodeView
  /** True if no other node takes new sessions. */
  isLast: boolean
  opened: boolean
  onClose: () => void
  onGone: () => void
}): ReactNode {
  const drain = useDrainNode('drain')
  const { name, sessions } = node
  return (
    <QuestionDialog
      title={`Drain ${name}?`}
      button="Drain"
      problem={`${name} could not be drained`}
      pending={drain.isPending}
      error={drain.error}
      opened={opened}
      onConfirm={() => drain.mutate(node, { onSuccess: onClose })}
      onClose={onClose}
      onGone={onGone}
    >
      <Text>
        From now on it gets no new sessions. {staying(sessions)} You can take this back at any time.
      </Text>
      {isLast && (
        <Text fw={600}>
          No other node takes new sessions: nobody can start one until a node does again.
        </Text>
      )}
    </QuestionDialog>
  )
}

function staying(sessions: number): string {
  if (sessions === 0) return 'It has none now, so it can be stopped right away.'
  const those =
    sessions === 1
      ? 'The session that it has stays and goes'
      : `Its ${sessionCount(sessions)} stay and go`
  return `${those} on as before.`
}
