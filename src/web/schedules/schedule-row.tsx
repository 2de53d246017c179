import { Anchor, Switch, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useJob } from '../api/job-queries.ts'
import { formatLeft } from '../format/format-moment.ts'
import { JobSign } from '../jobs/job-sign.tsx'
import { whatOf } from '../jobs/job-words.ts'
import { KindIcon } from '../jobs/kind-icon.tsx'
import rows from '../list/rows.module.css'
import { Ago } from '../shell/ago.tsx'
import { Cell } from '../shell/card-cell.tsx'
import card from '../shell/card-table.module.css'
import { cronWords, formatInZone, ownTimeZone } from './cron-reading.ts'
import { ScheduleActions } from './schedule-actions.tsx'
import type { ScheduleView } from './schedule-view.ts'
import { useChangeSchedule } from './use-schedules.ts'

/** One schedule of the table; on a narrow screen a card. `now` is the server's time in ms. */
export function ScheduleRow({
  schedule,
  now,
  onGone,
}: {
  schedule: ScheduleView
  now: number
  onGone: () => void
}): ReactNode {
  const { name, request, cron, timeZone, enabled } = schedule
  const change = useChangeSchedule()
  const shown = change.isPending ? change.variables.changes.enabled === true : enabled
  return (
    <tr role="row" className={`${card['row']} ${rows['row']}`} aria-label={name}>
      <td role="cell" className={rows['what']}>
        <div className={rows['whatInner']}>
          <KindIcon kind={request.kind} />
          <div className={rows['whatText']}>
            <Text fw={600} component="span" lineClamp={2}>
              {name}
            </Text>
            <Text size="xs" c="dimmed" lineClamp={2} title={whatOf(request)}>
              {whatOf(request)}
            </Text>
          </div>
        </div>
      </td>
      <Cell className={rows['when']} label="When">
        {cronWords(cron)}
        <Text size="xs" c="dimmed">
          {timeZone === ownTimeZone() ? '' : timeZone}
        </Text>
      </Cell>
      <Cell className={rows['when']} label="Next run">
        <NextRun schedule={schedule} now={now} />
      </Cell>
      <Cell className={rows['when']} label="Last run">
        <LastRun schedule={schedule} now={now} />
      </Cell>
      <Cell label="On">
        <Switch
          aria-label={`${name} is on`}
          checked={shown}
          disabled={change.isPending}
          onChange={(event) =>
            change.mutate({ schedule, changes: { enabled: event.currentTarget.checked } })
          }
        />
      </Cell>
      <td role="cell" className={card['actions']}>
        <ScheduleActions schedule={schedule} onGone={onGone} />
      </td>
    </tr>
  )
}

function NextRun({
  schedule: { nextAt, timeZone, enabled },
  now,
}: {
  schedule: ScheduleView
  now: number
}): ReactNode {
  if (!enabled) return <Text c="dimmed">Off</Text>
  if (nextAt === null) return <Text c="dimmed">Never</Text>
  const time = new Date(nextAt)
  const left = time.getTime() - now
  return (
    <>
      <time dateTime={nextAt}>{formatInZone(time, timeZone)}</time>
      <Text size="xs" c="dimmed">
        {left <= 0 ? 'now' : `in ${formatLeft(left)}`}
      </Text>
    </>
  )
}

function LastRun({
  schedule: { lastAt, lastJob, lastProblem },
  now,
}: {
  schedule: ScheduleView
  now: number
}): ReactNode {
  return (
    <>
      {lastJob === null ? (
        <Text c="dimmed">Not yet</Text>
      ) : (
        <RunOf id={lastJob} now={now} at={lastAt} />
      )}
      {lastProblem !== null && (
        <Text size="xs" c="var(--mantine-color-error)" mt={4}>
          {lastProblem}
        </Text>
      )}
    </>
  )
}

function RunOf({ id, now, at }: { id: string; now: number; at: string | null }): ReactNode {
  const { data: job } = useJob(id)
  const time = job?.createdAt ?? at
  return (
    <>
      {job !== undefined && (
        <div>
          <JobSign job={job} />
        </div>
      )}
      <Anchor component={Link} href={`/jobs/${id}`} size="sm">
        {time === null ? 'Its page' : <Ago time={time} now={now} />}
      </Anchor>
    </>
  )
}
