import { VisuallyHidden } from '@mantine/core'
import { memo, type ReactNode } from 'react'
import type { JobView } from '../api/job-view.ts'
import rows from '../list/rows.module.css'
import { useNow } from '../live/use-now.ts'
import { useSettings } from '../settings/use-settings.ts'
import card from '../shell/card-table.module.css'
import { JobRow } from './job-row.tsx'

const COLUMNS = ['Job', 'State', 'Where', 'Submitted', 'Ran for', 'CPU', 'Memory'] as const

const Row = memo(JobRow)

/** The jobs in the given order. Roles are written out: as cards, the browser would drop those of a table. */
export function JobTable({
  jobs,
  withUser,
  selected,
  onSelect,
}: {
  jobs: readonly JobView[]
  withUser: boolean
  selected?: ReadonlySet<string>
  onSelect?: (id: string, range: boolean) => void
}): ReactNode {
  const now = useNow(10_000)
  const [{ density }] = useSettings()
  return (
    <table
      role="table"
      className={`${card['table']} ${rows['table']}`}
      data-density={density}
      aria-label="Jobs"
    >
      <thead role="rowgroup" className={card['head']}>
        <tr role="row">
          {onSelect !== undefined && (
            <th role="columnheader" scope="col" className={rows['select']}>
              <VisuallyHidden>Selected</VisuallyHidden>
            </th>
          )}
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
        {jobs.map((job) => (
          <Row
            key={job.id}
            job={job}
            now={now}
            withUser={withUser}
            selected={selected?.has(job.id)}
            onSelect={onSelect}
          />
        ))}
      </tbody>
    </table>
  )
}
