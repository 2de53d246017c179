import { VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import rows from '../list/rows.module.css'
import { useNow } from '../live/use-now.ts'
import { useSettings } from '../settings/use-settings.ts'
import card from '../shell/card-table.module.css'
import { ScheduleRow } from './schedule-row.tsx'
import type { ScheduleView } from './schedule-view.ts'

const COLUMNS = ['Schedule', 'When', 'Next run', 'Last run', 'On'] as const

/** All schedules. Roles are written out: as cards, the browser would drop those of a table. */
export function ScheduleTable({
  schedules,
  onGone,
}: {
  schedules: readonly ScheduleView[]
  /** Called when the element that had the focus may be gone. */
  onGone: () => void
}): ReactNode {
  const now = useNow(10_000)
  const [{ density }] = useSettings()
  return (
    <table
      role="table"
      className={`${card['table']} ${rows['table']}`}
      data-density={density}
      aria-label="Schedules"
    >
      <thead role="rowgroup" className={card['head']}>
        <tr role="row">
          {COLUMNS.map((title) => (
            <th role="columnheader" scope="col" key={title}>
              {title}
            </th>
          ))}
          <th role="columnheader" scope="col">
            <VisuallyHidden>Actions</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {schedules.map((schedule) => (
          <ScheduleRow key={schedule.id} schedule={schedule} now={now} onGone={onGone} />
        ))}
      </tbody>
    </table>
  )
}
