import { Checkbox, Text } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { IDE_TITLES } from '../ides/ide-titles.ts'
import { QuestionDialog } from '../shell/question-dialog.tsx'
import type { NodeSessionView } from './node-view.ts'
import { useStopHeld } from './use-nodes.ts'

/** Asks an administrator before somebody's session is stopped. */
export function StopDialog({
  session,
  node,
  opened,
  onClose,
}: {
  session: NodeSessionView
  node: string
  opened: boolean
  onClose: () => void
}): ReactNode {
  const stop = useStopHeld(node)
  const [force, setForce] = useState(false)
  const { id, user, name, ide } = session
  return (
    <QuestionDialog
      title={`Stop the session of ${user}?`}
      button="Stop session"
      dangerous
      problem="The session could not be stopped"
      pending={stop.isPending}
      error={stop.error}
      opened={opened}
      onConfirm={() => stop.mutate({ id, force }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Text>
        {IDE_TITLES[ide]}
        {name === null ? '' : ` “${name}”`} of {user} is asked to stop. What was not saved may be
        lost, and {user} is not asked.
      </Text>
      <Checkbox
        label="Kill it without asking it first"
        checked={force}
        onChange={(event) => setForce(event.currentTarget.checked)}
      />
    </QuestionDialog>
  )
}
