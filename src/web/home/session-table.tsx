import { VisuallyHidden } from '@mantine/core'
import { memo, type ReactNode } from 'react'
import type { SessionView } from '../api/session-view.ts'
import { useNow } from '../live/use-now.ts'
import { useSettings } from '../settings/use-settings.ts'
import card from '../shell/card-table.module.css'
import { ColumnHead } from './column-head.tsx'
import { SessionRow } from './session-row.tsx'
import type { SessionSort, SortKey } from './session-sort.ts'
import styles from '../list/rows.module.css'
import type { HoldProps } from './use-held-order.ts'

const COLUMNS: readonly { title: string; by: SortKey }[] = [
  { title: 'Session', by: 'name' },
  { title: 'State', by: 'state' },
  { title: 'Started', by: 'started' },
  { title: 'Last used', by: 'used' },
  { title: 'CPU', by: 'cpu' },
  { title: 'Memory', by: 'memory' },
]

const Row = memo(SessionRow)

/**
 * The sessions in the given order, to be sorted and selected where that is handled. Roles are written out: as cards, the
 * browser would drop those of a table.
 */
export function SessionTable({
  sessions,
  withNode,
  sort,
  onSort,
  selected,
  onSelect,
  hold,
}: {
  sessions: readonly SessionView[]
  withNode: boolean
  sort?: SessionSort
  onSort?: (sort: SessionSort) => void
  selected?: ReadonlySet<string>
  onSelect?: (id: string, range: boolean) => void
  hold?: HoldProps
}): ReactNode {
  const now = useNow(10_000)
  const [{ density }] = useSettings()
  return (
    <table
      role="table"
      className={`${card['table']} ${styles['table']}`}
      data-density={density}
      aria-label="Sessions"
    >
      <thead role="rowgroup" className={card['head']}>
        <tr role="row">
          {onSelect !== undefined && (
            <th role="columnheader" scope="col" className={styles['select']}>
              <VisuallyHidden>Selected</VisuallyHidden>
            </th>
          )}
          {COLUMNS.map((column) => (
            <ColumnHead key={column.by} {...column} sort={sort} onSort={onSort} />
          ))}
          <th role="columnheader" scope="col">
            <VisuallyHidden>Actions</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup" {...hold}>
        {sessions.map((session) => (
          <Row
            key={session.id}
            session={session}
            now={now}
            withNode={withNode}
            selected={selected?.has(session.id)}
            onSelect={onSelect}
          />
        ))}
      </tbody>
    </table>
  )
}
