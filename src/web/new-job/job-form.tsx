import { Alert, Button, Checkbox, Group, Stack } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react'
import { cronOf, USUAL_CHOICE } from '../schedules/cron-choice.ts'
import { ownTimeZone, readCron } from '../schedules/cron-reading.ts'
import { TimingFields, type TimingDraft } from '../schedules/timing-fields.tsx'
import { useCreateSchedule } from '../schedules/use-schedules.ts'
import { baseName, JOB_FIELDS, type KnownRequest } from './job-draft.ts'
import { JobFields } from './job-fields.tsx'
import { jobsLeft } from './jobs-left.ts'
import { JobsNotice } from './jobs-notice.tsx'
import styles from './new-job.module.css'
import { toldProblems } from './told-problems.ts'
import { useJobChoices } from './use-job-choices.ts'
import { useJobForm } from './use-job-form.ts'
import { useSubmitJob } from './use-submit-job.ts'

const FIELDS = [...JOB_FIELDS, 'cron', 'timeZone'] as const

/** The form of a new job, or of a schedule that runs one again and again. */
export function JobForm({
  like,
  scheduled: scheduledFirst,
  onClose,
}: {
  /** What to begin with; null for nothing. */
  like: KnownRequest | null
  /** True if it is to be put on a schedule. */
  scheduled: boolean
  onClose: () => void
}): ReactNode {
  const [scheduled, setScheduled] = useState(scheduledFirst)
  const [timing, setTiming] = useState<TimingDraft>(() => ({
    choice: USUAL_CHOICE,
    timeZone: ownTimeZone(),
    missed: 'skip',
    overlap: 'skip',
  }))
  const submit = useSubmitJob()
  const create = useCreateSchedule(onClose)
  const sending = scheduled ? create : submit
  const form = useJobForm(like, sending.error)
  const choices = useJobChoices({ watched: true })
  const told = toldProblems(sending.error, FIELDS)
  const left = choices.data === undefined ? null : jobsLeft(choices.data.limits)
  const element = useRef<HTMLFormElement>(null)
  const [attempts, setAttempts] = useState(0)
  useEffect(() => {
    if (attempts === 0 && sending.error === null) return
    // What is wrong may be out of sight.
    const first = element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')
    if (first != null) first.focus()
    else if (sending.error !== null) {
      element.current?.querySelector('[role="alert"]')?.scrollIntoView({ block: 'nearest' })
    }
  }, [attempts, sending.error])

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    if (sending.isPending) return
    setAttempts(attempts + 1)
    if (!form.attempt()) return
    const body = form.body()
    if (!scheduled) {
      if (left?.isReached !== true) submit.mutate(body)
      return
    }
    const { choice, ...rules } = timing
    const cron = cronOf(choice)
    if (readCron(cron, timing.timeZone, Date.now()).problem !== null) return
    const name = body.name ?? baseName(body.script ?? body.command ?? '')
    create.mutate({ name, cron, ...rules, enabled: true, request: body })
  }

  return (
    <form ref={element} onSubmit={onSubmit} noValidate>
      <Stack gap="lg">
        {!scheduled && left !== null && <JobsNotice left={left} />}
        <JobFields
          form={form}
          choices={choices.data}
          unknownValues="Values of an earlier job are not shown again: type them, or use Run again, which keeps them."
        />
        <div className={styles['section']}>
          <Checkbox
            label="Run on a schedule"
            description="Again and again, by itself, instead of once now."
            checked={scheduled}
            onChange={(event) => setScheduled(event.currentTarget.checked)}
          />
          {scheduled && (
            <Stack mt="md">
              <TimingFields
                timing={timing}
                onChange={(changes) => setTiming({ ...timing, ...changes })}
                problems={told.fields}
              />
            </Stack>
          )}
        </div>
        {told.rest !== null && (
          <Alert
            color="var(--atelier-bad)"
            icon={<IconAlertTriangle />}
            title={scheduled ? 'The schedule could not be made' : 'The job could not be submitted'}
            role="alert"
          >
            {told.rest}
          </Alert>
        )}
        <Group justify="flex-end" className={styles['buttons']}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            disabled={!scheduled && left?.isReached === true}
            loading={sending.isPending}
          >
            {scheduled ? 'Make schedule' : left?.waits === true ? 'Submit, to wait' : 'Run job'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
