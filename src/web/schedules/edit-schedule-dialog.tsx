import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState, type FormEvent, type ReactNode } from 'react'
import { JobFields } from '../new-job/job-fields.tsx'
import styles from '../new-job/new-job.module.css'
import { JOB_FIELDS } from '../new-job/job-draft.ts'
import { toldProblems } from '../new-job/told-problems.ts'
import { useJobChoices } from '../new-job/use-job-choices.ts'
import { useJobForm } from '../new-job/use-job-form.ts'
import { choiceOf, cronOf } from './cron-choice.ts'
import { readCron } from './cron-reading.ts'
import type { ScheduleView } from './schedule-view.ts'
import { TimingFields, type TimingDraft } from './timing-fields.tsx'
import { useChangeSchedule } from './use-schedules.ts'

const FIELDS = [...JOB_FIELDS, 'cron', 'timeZone'] as const

/** Changes when a schedule runs, what it runs and what it is called. */
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
    <Modal
      opened={opened}
      onClose={onClose}
      title={`Edit ${schedule.name}`}
      size="xl"
      closeOnClickOutside={false}
    >
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
  const form = useJobForm(request, change.error)
  const choices = useJobChoices()
  const told = toldProblems(change.error, FIELDS)
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    const { choice, ...rules } = timing
    const cron = cronOf(choice)
    const isRight = readCron(cron, timing.timeZone, Date.now()).problem === null
    if (change.isPending || !form.attempt() || !isRight) return
    const changes = {
      name: name.trim() || schedule.name,
      cron,
      ...rules,
      request: form.changes(request),
    }
    change.mutate({ schedule, changes }, { onSuccess: onClose })
  }
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="lg">
        <TextInput
          label="Name of the schedule"
          maxLength={100}
          value={name}
          error={told.fields.name}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TimingFields
          timing={timing}
          onChange={(changes) => setTiming({ ...timing, ...changes })}
          problems={told.fields}
        />
        <JobFields
          form={form}
          choices={choices.data}
          unknownValues="Values are not shown again, and stay as they are as long as you change nothing of the environment."
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
        <Group justify="flex-end" className={styles['buttons']}>
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
