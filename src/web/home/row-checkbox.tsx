import type { ReactNode } from 'react'
import type { SessionView } from '../api/session-view.ts'
import { labelOf } from '../ides/ide-look.ts'
import styles from './session-tools.module.css'

/** The box that selects a row; with the shift key all rows from the last one. */
export function RowCheckbox({
  session,
  selected,
  onSelect,
}: {
  session: SessionView
  selected: boolean
  onSelect: (id: string, range: boolean) => void
}): ReactNode {
  return (
    <label className={styles['selectOne']}>
      <input
        type="checkbox"
        aria-label={`Select ${labelOf(session)}`}
        checked={selected}
        onChange={({ nativeEvent }) =>
          onSelect(session.id, 'shiftKey' in nativeEvent && nativeEvent.shiftKey === true)
        }
      />
    </label>
  )
}
