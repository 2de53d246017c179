import { Button, Text } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { LivingJson } from '../../control/dashboard-json.ts'
import { JOB_STATES } from '../../jobs/workbench-job.ts'
import { SESSION_STATES } from '../../sessions/session.ts'
import { formatBytes, formatPercent } from '../format/format-usage.ts'
import { StateSign } from '../home/state-sign.tsx'
import { JobSign } from '../jobs/job-sign.tsx'
import { Ago } from '../shell/ago.tsx'
import { Cell, Unknown } from '../shell/card-cell.tsx'
import card from '../shell/card-table.module.css'
import styles from './admin.module.css'
import { StopWorkDialog } from './stop-work-dialog.tsx'
import { whatRuns, workName } from './work-words.ts'

const COLUMNS = ['What', 'User', 'State', 'Node', 'Begun', 'CPU', 'Memory', 'Actions'] as const

/** The sessions and jobs that have not ended, of whomever. */
export function WorkTable({
  items,
  now,
}: {
  items: readonly LivingJson[]
  now: number
}): ReactNode {
  return (
    <table role="table" className={card['table']} aria-label="Running sessions and jobs">
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
        {items.map((work) => (
          <WorkRow key={`${work.kind} ${work.id}`} work={work} now={now} />
        ))}
      </tbody>
    </table>
  )
}

function WorkRow({ work, now }: { work: LivingJson; now: number }): ReactNode {
  const [asking, setAsking] = useState(false)
  const { kind, name, user, node, createdAt, startedAt, cpuPercent, memoryBytes } = work
  return (
    <tr role="row" className={card['row']}>
      <td role="cell" className={`${card['wide']} ${styles['what']}`}>
        <Text component="span" fw={600}>
          {name ?? whatRuns(work)}
        </Text>
        <Text size="xs" c="dimmed">
          {kind === 'session' ? 'Session' : 'Job'}
          {name === null ? '' : `, ${whatRuns(work)}`}
        </Text>
      </td>
      <Cell label="User">{user}</Cell>
      <Cell label="State">
        <WorkSign work={work} />
      </Cell>
      <Cell label="Node">{node}</Cell>
      <Cell label="Begun">
        <Ago time={startedAt ?? createdAt} now={now} />
      </Cell>
      <Cell label="CPU" className={styles['number']}>
        {cpuPercent === null ? <Unknown /> : formatPercent(cpuPercent)}
      </Cell>
      <Cell label="Memory" className={styles['number']}>
        {memoryBytes === null ? <Unknown /> : formatBytes(memoryBytes)}
      </Cell>
      <Cell label="Actions">
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => setAsking(true)}
          aria-label={`Stop ${workName(work)}`}
        >
          Stop…
        </Button>
        <StopWorkDialog work={work} opened={asking} onClose={() => setAsking(false)} />
      </Cell>
    </tr>
  )
}

function WorkSign({ work: { kind, state } }: { work: LivingJson }): ReactNode {
  const ofSession = SESSION_STATES.find((each) => each === state)
  if (kind === 'session' && ofSession !== undefined) return <StateSign state={ofSession} />
  const ofJob = JOB_STATES.find((each) => each === state)
  return ofJob === undefined ? (
    state
  ) : (
    <JobSign job={{ state: ofJob, desired: 'running', exitCode: null }} />
  )
}
