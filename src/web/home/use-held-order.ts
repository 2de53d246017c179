import { useMemo, useState } from 'react'
import type { SessionView } from '../api/session-view.ts'
import { heldOrder, ordered, sortWord, type SessionSort } from './session-sort.ts'

/** What tells that somebody is about to use a row, as props of an element. */
export interface HoldProps {
  readonly onPointerEnter: () => void
  readonly onPointerLeave: () => void
}

/** The sessions in order; while the pointer is over them their order stays, so that no click meets the wrong row. */
export function useHeldOrder(
  sessions: readonly SessionView[],
  sort: SessionSort,
): { shown: readonly SessionView[]; hold: HoldProps } {
  const [held, setHeld] = useState<{ word: string; ids: readonly string[] } | null>(null)
  const word = sortWord(sort)
  const shown = useMemo(() => {
    const list = ordered(sessions, sort)
    return held?.word === word ? heldOrder(list, held.ids) : list
  }, [sessions, sort, held, word])
  return {
    shown,
    hold: {
      onPointerEnter: () => setHeld({ word, ids: shown.map(({ id }) => id) }),
      onPointerLeave: () => setHeld(null),
    },
  }
}
