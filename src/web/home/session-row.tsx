import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { SessionView } from '../api/session-view.ts'
import { formatAgo } from '../format/format-time.ts'
import { formatBytes, formatPercent } from '../format/format-usage.ts'
import { IdeIcon } from '../ides/ide-icon.tsx'
import { IDE_LOOKS, labelOf } from '../ides/ide-look.ts'
import { RowCheckbox } from './row-checkbox.tsx'
import { SessionActions } from './session-actions.tsx'
import { SessionName } from './session-name.tsx'
import styles from './session-table.module.css'
import { StopCountdown } from './stop-countdown.tsx'
import { StateSign } from './state-sign.tsx'

/** One session of the table; on a narrow screen a card. `now` is the server's time in ms. */
export function SessionRow({
  session,
  now,
  selected = false,
  onSelect,
}: {
  session: SessionView
  now: number
  selected?: boolean | undefined
  onSelect?: ((id: string, range: boolean) => void) | undefined
}): ReactNode {
  const { cpuPercent, memoryBytes } = session
  return (
    <tr role="row" className={styles['row']} aria-label={labelOf(session)} data-selected={selected}>
      {onSelect !== undefined && (
        <td role="cell" className={styles['select']}>
          <RowCheckbox session={session} selected={selected} onSelect={onSelect} />
        </td>
      )}
      <td role="cell" className={styles['what']}>
        <div className={styles['whatInner']}>
          <IdeIcon ide={session.ide} />
          <div className={styles['whatText']}>
            <SessionName session={session} />
            {session.name !== null && (
              <Text size="xs" c="dimmed">
                {IDE_LOOKS[session.ide].title}
              </Text>
            )}
          </div>
        </div>
      </td>
      <td role="cell" className={styles['state']}>
        <StateSign state={session.state} />
        {session.reason !== null && (
          <Text size="xs" c="dimmed" mt={4} lineClamp={3} title={session.reason}>
            {session.reason}
          </Text>
        )}
        <StopCountdown session={session} now={now} />
      </td>
      <Cell label="Started">
        <Ago time={session.createdAt} now={now} />
      </Cell>
      <Cell label="Last used">
        <Ago time={session.lastUsedAt} now={now} />
      </Cell>
      <Cell label="CPU">{cpuPercent === null ? <Unknown /> : formatPercent(cpuPercent)}</Cell>
      <Cell label="Memory">{memoryBytes === null ? <Unknown /> : formatBytes(memoryBytes)}</Cell>
      <td role="cell" className={styles['actions']}>
        <SessionActions session={session} />
      </td>
    </tr>
  )
}

function Cell({ label, children }: { label: string; children: ReactNode }): ReactNode {
  return (
    <td role="cell" className={styles['cell']}>
      <span className={styles['cellLabel']} aria-hidden>
        {label}
      </span>
      {children}
    </td>
  )
}

function Ago({ time, now }: { time: string; now: number }): ReactNode {
  const date = new Date(time)
  return (
    <time dateTime={time} title={date.toLocaleString()}>
      {formatAgo(now - date.getTime())}
    </time>
  )
}

function Unknown(): ReactNode {
  return (
    <Text component="span" c="dimmed" aria-label="not known">
      –
    </Text>
  )
}
