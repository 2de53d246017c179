import { Button } from '@mantine/core'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { SessionView } from '../api/session-view.ts'
import { BULK_ACTIONS, isMeant, type BulkAction } from './bulk-action.ts'
import { BulkDialog } from './bulk-dialog.tsx'
import { BULK_WORDS, sessionCount } from './bulk-words.ts'
import styles from './session-tools.module.css'
import { useBulk } from './use-bulk.ts'

/** How many sessions are shown and selected, and what can be done with the selected ones. */
export function SelectionBar({
  shown,
  matching,
  selected,
  all,
  onSelectAll,
  onClear,
  onGone,
}: {
  /** Rows on the screen. */
  shown: number
  /** Sessions that the filter lets through. */
  matching: number
  selected: readonly SessionView[]
  all: number
  onSelectAll: () => void
  onClear: () => void
  onGone: () => void
}): ReactNode {
  const box = useRef<HTMLInputElement>(null)
  const [asked, setAsked] = useState<{
    action: BulkAction
    targets: readonly SessionView[]
  } | null>(null)
  const [opened, setOpened] = useState(false)
  const bulk = useBulk()
  const some = selected.length > 0
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = some && selected.length < shown
  }, [some, selected.length, shown])

  const ask = (action: BulkAction): void => {
    setAsked({ action, targets: selected.filter((session) => isMeant(action, session)) })
    setOpened(true)
  }
  const confirm = async (targets: readonly SessionView[]): Promise<void> => {
    if (asked === null) return
    const { failures } = await bulk.start(asked.action, targets)
    if (failures.length === 0) setOpened(false)
  }
  const gone = (): void => {
    if (bulk.run?.done === bulk.run?.total && bulk.run?.failures.length === 0) onClear()
    bulk.leave()
    setAsked(null)
    onGone()
  }

  return (
    <div
      className={styles['bar']}
      data-selecting={some}
      role="group"
      aria-label="Selected sessions"
    >
      <label className={styles['selectAll']}>
        <input
          ref={box}
          type="checkbox"
          checked={some && selected.length === shown}
          disabled={shown === 0}
          onChange={onSelectAll}
        />
        {some ? `${selected.length} selected` : 'Select all shown'}
      </label>
      {some &&
        BULK_ACTIONS.map((action) => {
          const count = selected.filter((session) => isMeant(action, session)).length
          return (
            count > 0 && (
              <Button
                key={action}
                size="compact-md"
                fz="sm"
                variant="default"
                aria-label={`${BULK_WORDS[action].button} ${sessionCount(count)}…`}
                onClick={() => ask(action)}
              >
                {BULK_WORDS[action].button} {count}…
              </Button>
            )
          )
        })}
      {some && (
        <Button
          size="compact-md"
          fz="sm"
          variant="subtle"
          onClick={() => {
            onClear()
            box.current?.focus()
          }}
        >
          Clear
        </Button>
      )}
      <span className={styles['count']} role="status">
        {matching === all ? sessionCount(all) : `${matching} of ${sessionCount(all)}`}
      </span>
      {asked !== null && (
        <BulkDialog
          {...asked}
          opened={opened}
          run={bulk.run}
          onConfirm={(targets) => void confirm(targets)}
          onClose={() => setOpened(false)}
          onGone={gone}
        />
      )}
    </div>
  )
}
