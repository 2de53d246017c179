import { Button } from '@mantine/core'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useMe } from '../api/queries.ts'
import type { SessionView } from '../api/session-view.ts'
import { useShortcuts } from '../keyboard/use-shortcuts.ts'
import { counted } from '../list/bulk.ts'
import { NoMatch } from '../list/no-match.tsx'
import { SelectionBar } from '../list/selection-bar.tsx'
import { useAddressFilter } from '../list/use-address-filter.ts'
import { useSelection } from '../list/use-selection.ts'
import { FilterBar } from './filter-bar.tsx'
import { onSeveralNodes } from './node-notice.ts'
import { filterQuery, isHiding, matching, NO_FILTER, parseFilter } from './session-filter.ts'
import { SessionTable } from './session-table.tsx'
import { useHeldOrder } from './use-held-order.ts'
import { useSessionBulk } from './use-session-bulk.ts'

// Up to so many are seen at a glance; tools would only be in the way.
const HANDFUL = 5
// More rows than anybody reads would make the page slow.
const ROWS = 100
const ADDRESS = { path: '/', parse: parseFilter, write: filterQuery }

/** The user's sessions; when there are many, with what it takes to find, sort and select them. */
export function SessionList({
  sessions: latest,
  onFocusLost,
}: {
  sessions: readonly SessionView[]
  /** Called when the element that had the focus may be gone. */
  onFocusLost: () => void
}): ReactNode {
  const [wanted, setFilter] = useAddressFilter(ADDRESS)
  const bulk = useSessionBulk()
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
  const selection = useSelection(rows)
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
        bulk={bulk}
        shown={rows.length}
        count={
          shown.length === sessions.length
            ? counted('session', sessions.length)
            : `${shown.length} of ${counted('session', sessions.length)}`
        }
        selected={selection.selected}
        onSelectAll={selection.all}
        onClear={selection.clear}
        onGone={onFocusLost}
      />
      {shown.length === 0 && isHiding(filter) ? (
        <NoMatch noun="session" onClear={showAll}>
          {sessions.length === 1 ? 'Your session is' : `All your ${sessions.length} sessions are`}{' '}
          hidden by the search or the filters.
        </NoMatch>
      ) : (
        <SessionTable
          sessions={rows}
          withNode={withNode}
          sort={wanted.sort}
          onSort={(sort) => setFilter({ sort })}
          selected={selection.ids}
          onSelect={selection.toggle}
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
