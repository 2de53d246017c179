import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Item } from './bulk.ts'
import { afterAll, afterClick, NO_SELECTION, onlyShown, type Selection } from './selection.ts'

/** Which of the rows on the screen are selected, and how that changes. */
export interface Rows<T> {
  readonly ids: ReadonlySet<string>
  readonly selected: readonly T[]
  /** What a click on the box of a row does; the same function for ever, so that rows need not be drawn again. */
  readonly toggle: (id: string, range: boolean) => void
  readonly all: () => void
  readonly clear: () => void
}

/** The selection of these rows; what leaves the screen is no longer selected. */
export function useSelection<T extends Item>(rows: readonly T[]): Rows<T> {
  const ids = useMemo(() => rows.map(({ id }) => id), [rows])
  const [selection, setSelection] = useState<Selection>(NO_SELECTION)
  const visible = useMemo(() => onlyShown(selection, ids), [selection, ids])
  const shownIds = useRef(ids)
  useEffect(() => {
    shownIds.current = ids
  }, [ids])
  const toggle = useCallback((id: string, range: boolean) => {
    setSelection((before) => {
      const shown = shownIds.current
      return afterClick(onlyShown(before, shown), { id, range, shown })
    })
  }, [])
  return {
    ids: visible.ids,
    selected: rows.filter(({ id }) => visible.ids.has(id)),
    toggle,
    all: () => setSelection(afterAll(visible, ids)),
    clear: () => setSelection(NO_SELECTION),
  }
}
