import { Button, Skeleton, Text } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { isFinal } from '../../sessions/session.ts'
import { StateSign } from '../home/state-sign.tsx'
import { IDE_TITLES } from '../ides/ide-titles.ts'
import { Ago } from '../shell/ago.tsx'
import { Cell } from '../shell/card-cell.tsx'
import card from '../shell/card-table.module.css'
import { LoadProblem } from '../shell/load-problem.tsx'
import styles from './nodes.module.css'
import type { NodeSessionView } from './node-view.ts'
import { StopDialog } from './stop-dialog.tsx'
import { useNodeSessions } from './use-nodes.ts'

/** Who holds which session of a node. */
export function NodeSessions({ name, now }: { name: string; now: number }): ReactNode {
  const { data, error, refetch } = useNodeSessions(name)
  const sessions = data?.filter(({ state }) => !isFinal(state))
  if (sessions === undefined) {
    return error === null ? (
      <Skeleton height={48} radius="md" aria-hidden />
    ) : (
      <LoadProblem title="Its sessions could not be read" error={error} onRetry={refetch} />
    )
  }
  if (sessions.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        It has no sessions.
      </Text>
    )
  }
  return <SessionsTable name={name} sessions={sessions} now={now} />
}

function SessionsTable({
  name,
  sessions,
  now,
}: {
  name: string
  sessions: readonly NodeSessionView[]
  now: number
}): ReactNode {
  return (
    <table
      role="table"
      className={`${card['table']} ${styles['sessions']}`}
      aria-label={`Sessions of ${name}`}
    >
      <thead role="rowgroup" className={card['head']}>
        <tr role="row">
          {['User', 'Session', 'IDE', 'State', 'Started', 'Actions'].map((column) => (
            <th role="columnheader" scope="col" key={column}>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {sessions.map((session) => (
          <SessionRow key={session.id} node={name} session={session} now={now} />
        ))}
      </tbody>
    </table>
  )
}

function SessionRow({
  node,
  session,
  now,
}: {
  node: string
  session: NodeSessionView
  now: number
}): ReactNode {
  const [asking, setAsking] = useState(false)
  const { user, name: called, ide, state, createdAt } = session
  return (
    <tr role="row" className={`${card['row']} ${styles['session']}`}>
      <Cell label="User">{user}</Cell>
      <Cell label="Session">
        {called ?? (
          <Text component="span" size="sm" c="dimmed">
            unnamed
          </Text>
        )}
      </Cell>
      <Cell label="IDE">{IDE_TITLES[ide]}</Cell>
      <Cell label="State">
        <StateSign state={state} />
      </Cell>
      <Cell label="Started">
        <Ago time={createdAt} now={now} />
      </Cell>
      <Cell label="Actions">
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => setAsking(true)}
          aria-label={`Stop the session ${called ?? IDE_TITLES[ide]} of ${user}`}
        >
          Stop…
        </Button>
        <StopDialog
          session={session}
          node={node}
          opened={asking}
          onClose={() => setAsking(false)}
        />
      </Cell>
    </tr>
  )
}
