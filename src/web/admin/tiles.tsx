import type { ReactNode } from 'react'
import type { DashboardJson } from '../../control/dashboard-json.ts'
import { formatBytes } from '../format/format-usage.ts'
import styles from './admin.module.css'

/** What goes on now, in a few numbers. */
export function Tiles({ dashboard: { totals, nodes } }: { dashboard: DashboardJson }): ReactNode {
  const alive = nodes.filter(({ state }) => state === 'alive' || state === 'suspect').length
  const processors = Number((totals.cpuPercent / 100).toFixed(1))
  const tiles = [
    { title: 'Users', value: totals.users, more: 'with something that has not ended' },
    { title: 'Sessions', value: totals.sessions, more: 'that have not ended' },
    { title: 'Jobs', value: totals.jobs, more: `and ${totals.waiting} waiting` },
    { title: 'Nodes', value: alive, more: `alive, of ${nodes.length}` },
    { title: 'Processors', value: processors, more: 'in use by sessions and jobs' },
    {
      title: 'Memory',
      value: formatBytes(totals.memoryBytes),
      more: 'in use by sessions and jobs',
    },
  ]
  return (
    <dl className={styles['tiles']}>
      {tiles.map(({ title, value, more }) => (
        <div key={title} className={styles['tile']}>
          <dt>{title}</dt>
          <dd>
            <span className={styles['figureValue']}>
              {typeof value === 'number' ? value.toLocaleString() : value}
            </span>
            <span className={styles['more']}>{more}</span>
          </dd>
        </div>
      ))}
    </dl>
  )
}
