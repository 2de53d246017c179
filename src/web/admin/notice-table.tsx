import { Button, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { NoticeJson } from '../../control/notice-json.ts'
import { isShown } from '../../notices/notice.ts'
import { formatMoment } from '../format/format-moment.ts'
import { Cell } from '../shell/card-cell.tsx'
import card from '../shell/card-table.module.css'
import { showProblem } from '../shell/show-problem.ts'
import styles from './admin.module.css'
import { useDeleteNotice } from './use-all-notices.ts'

const COLUMNS = ['Notice', 'Severity', 'Shown', 'By', 'Actions'] as const

/** All notices, and how to take them back. */
export function NoticeTable({
  notices,
  now,
}: {
  notices: readonly NoticeJson[]
  now: number
}): ReactNode {
  const remove = useDeleteNotice()
  return (
    <table role="table" className={card['table']} aria-label="Notices">
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
        {notices.map((notice) => (
          <tr role="row" key={notice.id} className={card['row']}>
            <td role="cell" className={`${card['wide']} ${styles['text']}`}>
              {notice.text}
            </td>
            <Cell label="Severity">{notice.severity}</Cell>
            <Cell label="Shown">
              {shownWords(notice, now)}
              {!notice.dismissible && (
                <Text size="xs" c="dimmed">
                  cannot be put away
                </Text>
              )}
            </Cell>
            <Cell label="By">{notice.createdBy}</Cell>
            <Cell label="Actions">
              <Button
                size="compact-sm"
                variant="default"
                loading={remove.isPending && remove.variables.id === notice.id}
                aria-label={`Take back: ${notice.text.slice(0, 60)}`}
                onClick={() =>
                  remove.mutate(notice, {
                    onError: (error) => showProblem('The notice could not be taken back', error),
                  })
                }
              >
                Take back
              </Button>
            </Cell>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function shownWords({ from, until }: NoticeJson, now: number): string {
  const moment = (time: string): string => formatMoment(Date.parse(time), now)
  const endsAt = until === null ? null : new Date(until)
  const end = until === null ? 'until it is taken back' : `until ${moment(until)}`
  if (isShown({ beginsAt: new Date(from), endsAt }, now)) return `now, ${end}`
  return Date.parse(from) > now
    ? `from ${moment(from)}, ${end}`
    : `over since ${moment(until ?? from)}`
}
