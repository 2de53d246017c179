import { Anchor, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { JobView } from '../api/job-view.ts'
import { formatElapsed } from '../format/format-time.ts'
import { formatBytes, formatBytesOf, formatPercentOf } from '../format/format-usage.ts'
import { JobSign } from '../jobs/job-sign.tsx'
import { placeOf, reasonOf, whatOf } from '../jobs/job-words.ts'
import { KindIcon } from '../jobs/kind-icon.tsx'
import { RanFor } from '../jobs/ran-for.tsx'
import { RowCheckbox } from '../list/row-checkbox.tsx'
import rows from '../list/rows.module.css'
import { Ago } from '../shell/ago.tsx'
import { Cell, Unknown } from '../shell/card-cell.tsx'
import card from '../shell/card-table.module.css'
import { UsageBar } from '../shell/usage-bar.tsx'
import { JobActions } from './job-actions.tsx'

/** One job of the table; on a narrow screen a card. `now` is the server's time in ms. */
export function JobRow({
  job,
  now,
  withUser,
  selected = false,
  onSelect,
}: {
  job: JobView
  now: number
  /** True if it matters whose it is. */
  withUser: boolean
  selected?: boolean | undefined
  onSelect?: ((id: string, range: boolean) => void) | undefined
}): ReactNode {
  const reason = reasonOf(job)
  return (
    <tr
      role="row"
      className={`${card['row']} ${rows['row']}`}
      aria-label={job.name}
      data-selected={selected}
    >
      {onSelect !== undefined && (
        <td role="cell" className={rows['select']}>
          <RowCheckbox id={job.id} label={job.name} selected={selected} onSelect={onSelect} />
        </td>
      )}
      <td role="cell" className={rows['what']}>
        <div className={rows['whatInner']}>
          <KindIcon kind={job.kind} />
          <div className={rows['whatText']}>
            <Anchor component={Link} href={`/jobs/${job.id}`} fw={600} c="inherit" lineClamp={2}>
              {job.name}
            </Anchor>
            <Text size="xs" c="dimmed" lineClamp={2} title={whatOf(job)}>
              {withUser && `${job.user} · `}
              {whatOf(job)}
            </Text>
          </div>
        </div>
      </td>
      <td role="cell" className={`${rows['state']} ${rows['told']}`}>
        <JobSign job={job} />
        {reason !== null && (
          <Text size="xs" c="dimmed" mt={4}>
            {reason}
          </Text>
        )}
      </td>
      <Cell className={rows['place']} label="Where">
        {placeOf(job)}
      </Cell>
      <Cell className={rows['cell']} label="Submitted">
        <Ago time={job.createdAt} now={now} />
      </Cell>
      <Cell className={rows['cell']} label="Ran for">
        <RanFor job={job} />
        {job.exitCode !== null && (
          <Text size="xs" c={job.exitCode === 0 ? 'dimmed' : 'var(--mantine-color-error)'}>
            exit code {job.exitCode}
          </Text>
        )}
      </Cell>
      <Cell className={rows['cell']} label="CPU">
        <Cpu job={job} />
      </Cell>
      <Cell className={rows['cell']} label="Memory">
        <Memory job={job} />
      </Cell>
      <td role="cell" className={card['actions']}>
        <JobActions job={job} />
      </td>
    </tr>
  )
}

function Cpu({ job: { cpuSeconds, cpuPercent, limits } }: { job: JobView }): ReactNode {
  if (cpuSeconds !== null) return <span title="In all">{formatElapsed(cpuSeconds * 1000)}</span>
  if (cpuPercent === null) return <Unknown />
  const cpus = limits?.cpus ?? null
  return (
    <UsageBar used={cpuPercent} limit={cpus === null ? null : 100 * cpus}>
      {formatPercentOf(cpuPercent, cpus)}
    </UsageBar>
  )
}

function Memory({ job: { peakMemoryBytes, memoryBytes, limits } }: { job: JobView }): ReactNode {
  if (peakMemoryBytes !== null) {
    return <span title="The most it had at a time">{formatBytes(peakMemoryBytes)}</span>
  }
  if (memoryBytes === null) return <Unknown />
  const most = limits?.memoryBytes ?? null
  return (
    <UsageBar used={memoryBytes} limit={most}>
      {formatBytesOf(memoryBytes, most)}
    </UsageBar>
  )
}
