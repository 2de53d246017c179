import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { SessionView } from '../api/session-view.ts'
import { formatBytesOf, formatPercentOf } from '../format/format-usage.ts'
import { IdeIcon } from '../ides/ide-icon.tsx'
import { IDE_LOOKS, labelOf } from '../ides/ide-look.ts'
import { Ago } from '../shell/ago.tsx'
import { Cell, Unknown } from '../shell/card-cell.tsx'
import card from '../shell/card-table.module.css'
import { UsageBar } from '../shell/usage-bar.tsx'
import { nodeNotice } from './node-notice.ts'
import { RowCheckbox } from '../list/row-checkbox.tsx'
import { SessionActions } from './session-actions.tsx'
import { SessionName } from './session-name.tsx'
import styles from '../list/rows.module.css'
import { StopCountdown } from './stop-countdown.tsx'
import { StateSign } from './state-sign.tsx'

/** One session of the table; on a narrow screen a card. `now` is the server's time in ms. */
export function SessionRow({
  session,
  now,
  withNode,
  selected = false,
  onSelect,
}: {
  session: SessionView
  now: number
  /** True if it matters which node holds it. */
  withNode: boolean
  selected?: boolean | undefined
  onSelect?: ((id: string, range: boolean) => void) | undefined
}): ReactNode {
  const { cpuPercent, memoryBytes, limits } = session
  const about = [
    ...(session.name === null ? [] : [IDE_LOOKS[session.ide].title]),
    ...(withNode ? [session.node] : []),
  ]
  return (
    <tr
      role="row"
      className={`${card['row']} ${styles['row']}`}
      aria-label={labelOf(session)}
      data-selected={selected}
    >
      {onSelect !== undefined && (
        <td role="cell" className={styles['select']}>
          <RowCheckbox
            id={session.id}
            label={labelOf(session)}
            selected={selected}
            onSelect={onSelect}
          />
        </td>
      )}
      <td role="cell" className={styles['what']}>
        <div className={styles['whatInner']}>
          <IdeIcon ide={session.ide} />
          <div className={styles['whatText']}>
            <SessionName session={session} />
            {about.length > 0 && (
              <Text size="xs" c="dimmed">
                {about.join(' · ')}
              </Text>
            )}
          </div>
        </div>
      </td>
      <td role="cell" className={styles['state']}>
        <StateSign state={session.state} />
        <Reason session={session} now={now} />
        <StopCountdown session={session} now={now} />
      </td>
      <Cell className={styles['cell']} label="Started">
        <Ago time={session.createdAt} now={now} />
      </Cell>
      <Cell className={styles['cell']} label="Last used">
        <Ago time={session.lastUsedAt} now={now} />
      </Cell>
      <Cell className={styles['cell']} label="CPU">
        {cpuPercent === null ? (
          <Unknown />
        ) : (
          <UsageBar used={cpuPercent} limit={limits.cpus === null ? null : 100 * limits.cpus}>
            {formatPercentOf(cpuPercent, limits.cpus)}
          </UsageBar>
        )}
      </Cell>
      <Cell className={styles['cell']} label="Memory">
        {memoryBytes === null ? (
          <Unknown />
        ) : (
          <UsageBar used={memoryBytes} limit={limits.memoryBytes}>
            {formatBytesOf(memoryBytes, limits.memoryBytes)}
          </UsageBar>
        )}
      </Cell>
      <td role="cell" className={card['actions']}>
        <SessionActions session={session} />
      </td>
    </tr>
  )
}

function Reason({ session, now }: { session: SessionView; now: number }): ReactNode {
  const notice = nodeNotice(session, now)
  if (notice !== null) {
    return (
      <Text size="xs" mt={4}>
        {notice}
      </Text>
    )
  }
  return session.reason === null ? null : (
    <Text size="xs" c="dimmed" mt={4} lineClamp={3} title={session.reason}>
      {session.reason}
    </Text>
  )
}
