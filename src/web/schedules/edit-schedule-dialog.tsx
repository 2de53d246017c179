import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState, type FormEvent, type ReactNode } from 'react'
import { commandLineOf } from '../job/job-facts-words.ts'
import { toldProblems } from '../new-job/told-problems.ts'
import { choiceOf, cronOf } from './cron-choice.ts'
import { readCron } from './cron-reading.ts'
import type { ScheduleView } from './schedule-view.ts'
import { TimingFields, type TimingDraft } from './timing-fields.tsx'
import { useChangeSchedule } from './use-schedules.ts'

/** Changes what a schedule is called and when it runs. */
export function EditScheduleDialog({
  schedule,
  opened,
  onClose,
}: {
  schedule: ScheduleView
  opened: boolean
  onClose: () => void
}): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title={`Edit ${schedule.name}`} size="xl">
      <EditForm schedule={schedule} onClose={onClose} />
    </Modal>
  )
}

function EditForm({
  schedule,
  onClose,
}: {
  schedule: ScheduleView
  onClose: () => void
}): ReactNode {
  const { request } = schedule
  const [name, setName] = useState(schedule.name)
  const [timing, setTiming] = useState<TimingDraft>(() => ({
    choice: choiceOf(schedule.cron),
    timeZone: schedule.timeZone,
    missed: schedule.missed,
    overlap: schedule.overlap,
  }))
  const change = useChangeSchedule({ quiet: true })
  const told = toldProblems(change.error, ['name', 'cron', 'timeZone'] as const)
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    const { choice, ...rules } = timing
    const cron = cronOf(choice)
    if (readCron(cron, timing.timeZone, Date.now()).problem !== null) return
    const changes = { name: name.trim() || schedule.name, cron, ...rules }
    change.mutate({ schedule, changes }, { onSuccess: onClose })
  }
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="lg">
        <TextInput
          label="Name"
          maxLength={100}
          value={name}
          error={told.fields.name}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Text size="sm">
          Runs <code>{commandLineOf(request)}</code>. To run something else, make another schedule.
        </Text>
        <TimingFields
          timing={timing}
          onChange={(changes) => setTiming({ ...timing, ...changes })}
          problems={told.fields}
        />
        {told.rest !== null && (
          <Alert
            color="var(--atelier-bad)"
            icon={<IconAlertTriangle />}
            title="The schedule could not be changed"
            role="alert"
          >
            {told.rest}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={change.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
