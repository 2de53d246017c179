import { Button } from '@mantine/core'
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useMe } from '../api/queries.ts'
import type { SessionView } from '../api/session-view.ts'
import { useShortcuts } from '../keyboard/use-shortcuts.ts'
import { FilterBar } from './filter-bar.tsx'
import { NoMatch } from './no-match.tsx'
import { onSeveralNodes } from './node-notice.ts'
import { afterAll, afterClick, NO_SELECTION, onlyShown, type Selection } from './selection.ts'
import { SelectionBar } from './selection-bar.tsx'
import { filterQuery, isHiding, matching, NO_FILTER } from './session-filter.ts'
import { SessionTable } from './session-table.tsx'
import { useHeldOrder } from './use-held-order.ts'
import { useSessionFilter } from './use-session-filter.ts'

// Up to so many are seen at a glance; tools would only be in the way.
const HANDFUL = 5
// More rows than anybody reads would make the page slow.
const ROWS = 100

/** The user's sessions; when there are many, with what it takes to find, sort and select them. */
export function SessionList({
  sessions: latest,
  onFocusLost,
}: {
  sessions: readonly SessionView[]
  /** Called when the element that had the focus may be gone. */
  onFocusLost: () => void
}): ReactNode {
  const [wanted, setFilter] = useSessionFilter()
  // Hundreds of rows must not hold up the key that is being pressed.
  const filter = useDeferredValue(wanted)
  const sessions = useDeferredValue(latest)
  const order = useHeldOrder(
    useMemo(() => matching(sessions, filter), [sessions, filter]),
    filter.sort,
  )
  const { shown } = order
  const [limit, setLimit] = useState(ROWS)
  const rows = useMemo(() => shown.slice(0, limit), [shown, limit])
  const ids = useMemo(() => rows.map(({ id }) => id), [rows])
  const [selection, setSelection] = useState<Selection>(NO_SELECTION)
  const visible = useMemo(() => onlyShown(selection, ids), [selection, ids])
  const shownIds = useRef(ids)
  useEffect(() => {
    shownIds.current = ids
  }, [ids])
  const onSelect = useCallback((id: string, range: boolean) => {
    setSelection((before) => {
      const shown = shownIds.current
      return afterClick(onlyShown(before, shown), { id, range, shown })
    })
  }, [])
  const here = useMe().data?.host
  const withNode = useMemo(() => onSeveralNodes(sessions, here), [sessions, here])
  const search = useRef<HTMLInputElement>(null)
  useShortcuts({ '/': () => search.current?.focus() })

  if (sessions.length <= HANDFUL && filterQuery(filter) === '' && filterQuery(wanted) === '') {
    return <SessionTable sessions={shown} withNode={withNode} />
  }
  const showAll = (): void => {
    setFilter({ ...NO_FILTER, sort: wanted.sort })
    search.current?.focus()
  }
  return (
    <>
      <FilterBar filter={wanted} onChange={setFilter} search={search} />
      <SelectionBar
        shown={rows.length}
        matching={shown.length}
        all={sessions.length}
        selected={rows.filter(({ id }) => visible.ids.has(id))}
        onSelectAll={() => setSelection(afterAll(visible, ids))}
        onClear={() => setSelection(NO_SELECTION)}
        onGone={onFocusLost}
      />
      {shown.length === 0 && isHiding(filter) ? (
        <NoMatch count={sessions.length} onClear={showAll} />
      ) : (
        <SessionTable
          sessions={rows}
          withNode={withNode}
          sort={wanted.sort}
          onSort={(sort) => setFilter({ sort })}
          selected={visible.ids}
          onSelect={onSelect}
          hold={order.hold}
        />
      )}
      {rows.length < shown.length && (
        <Button variant="default" mt="md" onClick={() => setLimit(limit + ROWS)}>
          Show more ({shown.length - rows.length} left)
        </Button>
      )}
    </>
  )
}
