import { Button } from '@mantine/core'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { counted, type Bulk, type Item } from './bulk.ts'
import { BulkDialog } from './bulk-dialog.tsx'
import styles from './list-tools.module.css'
import { useBulk } from './use-bulk.ts'

/** How many items are shown and selected, and what can be done with the selected ones. */
export function SelectionBar<T extends Item, A extends string>({
  bulk: kind,
  shown,
  count,
  selected,
  onSelectAll,
  onClear,
  onGone,
}: {
  bulk: Bulk<T, A>
  /** Rows on the screen. */
  shown: number
  /** How many there are, in words. */
  count: string
  selected: readonly T[]
  onSelectAll: () => void
  onClear: () => void
  onGone: () => void
}): ReactNode {
  const box = useRef<HTMLInputElement>(null)
  const [asked, setAsked] = useState<{
    action: A
    targets: readonly T[]
  } | null>(null)
  const [opened, setOpened] = useState(false)
  const bulk = useBulk(kind)
  const some = selected.length > 0
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = some && selected.length < shown
  }, [some, selected.length, shown])

  const ask = (action: A): void => {
    setAsked({ action, targets: selected.filter((item) => kind.isMeant(action, item)) })
    setOpened(true)
  }
  const confirm = async (targets: readonly T[]): Promise<void> => {
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
      aria-label={`Selected ${kind.noun}s`}
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
        kind.actions.map((action) => {
          const meant = selected.filter((item) => kind.isMeant(action, item)).length
          return (
            meant > 0 && (
              <Button
                key={action}
                size="compact-md"
                fz="sm"
                variant="default"
                aria-label={`${kind.words[action].button} ${counted(kind.noun, meant)}…`}
                onClick={() => ask(action)}
              >
                {kind.words[action].button} {meant}…
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
        {count}
      </span>
      {asked !== null && (
        <BulkDialog
          bulk={kind}
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
