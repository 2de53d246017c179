import { Checkbox, Text } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { LivingJson } from '../../control/dashboard-json.ts'
import { QuestionDialog } from '../shell/question-dialog.tsx'
import { useStopWork } from './use-dashboard.ts'
import { workName } from './work-words.ts'

/** Asks an administrator before somebody's session or job is stopped. */
export function StopWorkDialog({
  work,
  opened,
  onClose,
}: {
  work: LivingJson
  opened: boolean
  onClose: () => void
}): ReactNode {
  const stop = useStopWork()
  const [force, setForce] = useState(false)
  const { kind, user } = work
  return (
    <QuestionDialog
      title={`Stop the ${kind} of ${user}?`}
      button={`Stop ${kind}`}
      dangerous
      problem={`The ${kind} could not be stopped`}
      pending={stop.isPending}
      error={stop.error}
      opened={opened}
      onConfirm={() => stop.mutate({ work, force }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Text>
        You stop {workName(work)}.{' '}
        {kind === 'session'
          ? `What was not saved may be lost, and ${user} is not asked.`
          : `It is not run again by itself, and ${user} is not asked.`}
      </Text>
      <Checkbox
        label="Kill it without asking it first"
        checked={force}
        onChange={(event) => setForce(event.currentTarget.checked)}
      />
    </QuestionDialog>
  )
}
