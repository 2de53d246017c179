import { Button, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { DashboardJson } from '../../control/dashboard-json.ts'
import { formatBytes, formatPercent } from '../format/format-usage.ts'
import { Cell } from '../shell/card-cell.tsx'
import card from '../shell/card-table.module.css'
import styles from './admin.module.css'

const COLUMNS = ['User', 'Sessions', 'Jobs', 'Waiting', 'CPU', 'Memory', 'Look closer'] as const

/** Who has what, those who use most first. */
export function UsersTable({ users }: { users: DashboardJson['users'] }): ReactNode {
  if (users.length === 0) {
    return (
      <Text c="dimmed" className={styles['empty'] ?? ''}>
        Nobody has anything running.
      </Text>
    )
  }
  return (
    <table role="table" className={card['table']} aria-label="Users">
      <thead role="rowgroup" className={card['head']}>
        <tr role="row">
          {COLUMNS.map((column) => (
            <th role="columnheader" scope="col" key={column}>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {users.map((each) => (
          <tr role="row" key={each.user} className={card['row']}>
            <td role="cell" className={card['wide']}>
              <Text component="span" fw={600}>
                {each.user}
              </Text>
            </td>
            <Cell label="Sessions" className={styles['number']}>
              {each.sessions}
            </Cell>
            <Cell label="Jobs" className={styles['number']}>
              {each.jobs}
            </Cell>
            <Cell label="Waiting" className={styles['number']}>
              {each.waiting}
            </Cell>
            <Cell label="CPU" className={styles['number']}>
              {formatPercent(each.cpuPercent)}
            </Cell>
            <Cell label="Memory" className={styles['number']}>
              {formatBytes(each.memoryBytes)}
            </Cell>
            <Cell label="Look closer">
              <span className={styles['links']}>
                <LinkButton
                  href={`/admin?user=${encodeURIComponent(each.user)}`}
                  label={`Running of ${each.user}`}
                >
                  Running
                </LinkButton>
                <LinkButton
                  href={`/admin/history?user=${encodeURIComponent(each.user)}`}
                  label={`History of ${each.user}`}
                >
                  History
                </LinkButton>
              </span>
            </Cell>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function LinkButton({
  href,
  label,
  children,
}: {
  href: string
  label: string
  children: string
}): ReactNode {
  return (
    <Button component={Link} href={href} size="compact-sm" variant="default" aria-label={label}>
      {children}
    </Button>
  )
}
