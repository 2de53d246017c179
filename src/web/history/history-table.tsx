import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { HistoryJson } from '../../control/history-json.ts'
import { formatMoment } from '../format/format-moment.ts'
import { formatElapsed } from '../format/format-time.ts'
import { formatBytes } from '../format/format-usage.ts'
import { IDE_TITLES } from '../ides/ide-titles.ts'
import { KIND_LOOKS } from '../jobs/job-kinds.ts'
import { Cell, Unknown } from '../shell/card-cell.tsx'
import card from '../shell/card-table.module.css'
import { EndSign } from './end-sign.tsx'
import styles from './history.module.css'

const OWN_COLUMNS = ['What', 'Ended', 'How', 'Ran for', 'CPU time', 'Peak memory', 'Node'] as const
const ALL_COLUMNS = ['What', 'User', ...OWN_COLUMNS.slice(1)] as const

/** Sessions and jobs that have ended; on a narrow screen cards. */
export function HistoryTable({
  items,
  everybody,
  now,
}: {
  items: readonly HistoryJson[]
  everybody: boolean
  now: number
}): ReactNode {
  return (
    <table role="table" className={card['table']} aria-label="Ended sessions and jobs">
      <thead role="rowgroup" className={card['head']}>
        <tr role="row">
          {(everybody ? ALL_COLUMNS : OWN_COLUMNS).map((column) => (
            <th role="columnheader" scope="col" key={column}>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {items.map((entry) => (
          <HistoryRow
            key={`${entry.kind} ${entry.run}`}
            entry={entry}
            everybody={everybody}
            now={now}
          />
        ))}
      </tbody>
    </table>
  )
}

function HistoryRow({
  entry,
  everybody,
  now,
}: {
  entry: HistoryJson
  everybody: boolean
  now: number
}): ReactNode {
  const { user, node, state, reason, endedAt, startedAt, seconds } = entry
  const { cpuSeconds, peakMemoryBytes } = entry
  return (
    <tr role="row" className={card['row']}>
      <td role="cell" className={`${card['wide']} ${styles['what']}`}>
        <What entry={entry} isOwn={!everybody} />
      </td>
      {everybody && <Cell label="User">{user}</Cell>}
      <Cell label="Ended" className={styles['number']}>
        <time dateTime={endedAt} title={new Date(endedAt).toLocaleString()}>
          {formatMoment(Date.parse(endedAt), now)}
        </time>
      </Cell>
      <Cell label="How" className={styles['how']}>
        <EndSign state={state} />
        {reason !== null && (
          <Text size="xs" mt={2} lineClamp={2} title={reason}>
            {reason}
          </Text>
        )}
      </Cell>
      <Cell label="Ran for" className={styles['number']}>
        {startedAt === null ? 'never ran' : formatElapsed(seconds * 1000)}
      </Cell>
      <Cell label="CPU time" className={styles['number']}>
        {cpuSeconds === null ? <Unknown /> : formatElapsed(cpuSeconds * 1000)}
      </Cell>
      <Cell label="Peak memory" className={styles['number']}>
        {peakMemoryBytes === null ? <Unknown /> : formatBytes(peakMemoryBytes)}
      </Cell>
      <Cell label="Node" className={styles['node']}>
        {node}
      </Cell>
    </tr>
  )
}

function What({
  entry: { kind, id, name, ide, jobKind, profile },
  isOwn,
}: {
  entry: HistoryJson
  isOwn: boolean
}): ReactNode {
  const what = ide !== null ? IDE_TITLES[ide] : jobKind === null ? 'Job' : KIND_LOOKS[jobKind].title
  const details = [
    kind === 'session' ? 'Session' : 'Job',
    ...(name === null ? [] : [what]),
    ...(profile === null ? [] : [profile]),
  ]
  return (
    <>
      <Text component="span" fw={600}>
        {kind === 'job' && isOwn ? (
          <Link href={`/jobs/${id}`}>{name ?? what}</Link>
        ) : (
          (name ?? what)
        )}
      </Text>
      <Text size="xs" c="dimmed">
        {details.join(', ')}
      </Text>
    </>
  )
}
