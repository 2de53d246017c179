import { ActionIcon, Badge, Text } from '@mantine/core'
import { IconAlertTriangle, IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useId, useState, type ReactNode } from 'react'
import { formatMs } from '../format/format-time.ts'
import { sessionCount } from '../home/bulk-words.ts'
import { Ago } from '../shell/ago.tsx'
import { Cell, Unknown } from '../shell/card-cell.tsx'
import card from '../shell/card-table.module.css'
import styles from './nodes.module.css'
import { LoadBar } from './load-bar.tsx'
import { NodeButtons } from './node-buttons.tsx'
import { NodeSessions } from './node-sessions.tsx'
import { NodeSign } from './node-sign.tsx'
import type { NodeView } from './node-view.ts'
import { isHere, nodeNotices } from './node-words.ts'

/** A node of the table, on a narrow screen a card; it opens to its sessions. `now` is the server's time in ms. */
export function NodeRow({
  node,
  isLast,
  columns,
  now,
}: {
  node: NodeView
  /** True if no other node takes new sessions. */
  isLast: boolean
  columns: number
  now: number
}): ReactNode {
  const [opened, setOpened] = useState(false)
  const id = useId()
  const { name, load, roundTripMs } = node
  const here = isHere(node)
  return (
    <>
      <tr
        role="row"
        className={`${card['row']} ${styles['row']}`}
        aria-label={name}
        data-opened={opened}
      >
        <td role="cell" className={`${card['wide']} ${styles['name']}`}>
          <Text component="span" fw={600}>
            {name}
          </Text>
          {node.self && (
            <Text component="span" size="xs" c="dimmed" className={styles['self']}>
              this node
            </Text>
          )}
        </td>
        <td role="cell" className={`${card['wide']} ${styles['state']}`}>
          <State node={node} now={now} />
        </td>
        <Cell label="Version" className={styles['cell']}>
          {node.version}
        </Cell>
        <Cell label="Sessions" className={styles['cell']}>
          <span className={styles['count']}>
            {node.sessions}
            <ActionIcon
              variant="subtle"
              color="gray"
              c="var(--mantine-color-text)"
              aria-label={`${sessionCount(node.sessions)} of ${name}`}
              aria-expanded={opened}
              aria-controls={id}
              title={opened ? 'Hide them' : 'Show who has them'}
              onClick={() => setOpened(!opened)}
            >
              {opened ? <IconChevronDown size={18} /> : <IconChevronRight size={18} />}
            </ActionIcon>
          </span>
        </Cell>
        <Cell label="Load" className={styles['cell']}>
          {here && load !== null ? <LoadBar load={load} /> : <Unknown />}
        </Cell>
        <Cell label="Gossip" className={styles['cell']}>
          {here && roundTripMs !== null ? formatMs(roundTripMs) : <Unknown />}
        </Cell>
        <Cell label="Database" className={styles['cell']}>
          {here ? <DatabaseLink node={node} /> : <Unknown />}
        </Cell>
        <Cell label="Started" className={styles['cell']}>
          {here ? <Ago time={node.startedAt} now={now} /> : <Unknown />}
        </Cell>
        <Cell label="Last seen" className={styles['cell']}>
          <Ago time={node.seenAt} now={now} />
        </Cell>
        <td role="cell" className={`${card['actions']} ${styles['actions']}`}>
          <NodeButtons node={node} isLast={isLast} />
        </td>
      </tr>
      <tr role="row" id={id} className={styles['detail']} hidden={!opened}>
        <td role="cell" colSpan={columns}>
          {opened && <NodeSessions name={name} now={now} />}
        </td>
      </tr>
    </>
  )
}

function State({ node, now }: { node: NodeView; now: number }): ReactNode {
  return (
    <>
      <span className={styles['signs']}>
        <NodeSign state={node.state} />
        {node.draining && (
          <Badge variant="outline" color="gray" c="var(--mantine-color-text)" tt="none">
            Draining
          </Badge>
        )}
      </span>
      {nodeNotices(node, now).map((notice) => (
        <Text size="xs" mt={4} key={notice}>
          {notice}
        </Text>
      ))}
    </>
  )
}

function DatabaseLink({ node: { databaseMs, listening } }: { node: NodeView }): ReactNode {
  return (
    <>
      {databaseMs === null ? <Unknown /> : formatMs(databaseMs)}
      {listening === true && (
        <Text size="xs" c="dimmed" title="The database tells it of every change at once">
          hears changes
        </Text>
      )}
      {listening === false && (
        <span
          className={styles['deaf']}
          title="It reads the database by the clock until it hears again"
        >
          <IconAlertTriangle size={14} aria-hidden />
          hears no changes
        </span>
      )}
    </>
  )
}
