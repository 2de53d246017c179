import { VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import { newestFirst } from '../api/session-list.ts'
import type { SessionView } from '../api/session-view.ts'
import { useNow } from '../live/use-now.ts'
import { SessionRow } from './session-row.tsx'
import styles from './session-table.module.css'

const COLUMNS = ['Session', 'State', 'Started', 'Last used', 'CPU', 'Memory'] as const

/** The sessions, newest first. Roles are written out: as cards, the browser would drop those of a table. */
export function SessionTable({ sessions }: { sessions: readonly SessionView[] }): ReactNode {
  const now = useNow(10_000)
  return (
    <table role="table" className={styles['table']} aria-label="Sessions">
      <thead role="rowgroup" className={styles['head']}>
        <tr role="row">
          {COLUMNS.map((column) => (
            <th role="columnheader" scope="col" key={column}>
              {column}
            </th>
          ))}
          <th role="columnheader" scope="col">
            <VisuallyHidden>Actions</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {newestFirst(sessions).map((session) => (
          <SessionRow key={session.id} session={session} now={now} />
        ))}
      </tbody>
    </table>
  )
}
