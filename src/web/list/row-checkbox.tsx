import type { ReactNode } from 'react'
import styles from './list-tools.module.css'

/** The box that selects a row; with the shift key all rows from the last one. */
export function RowCheckbox({
  id,
  label,
  selected,
  onSelect,
}: {
  id: string
  label: string
  selected: boolean
  onSelect: (id: string, range: boolean) => void
}): ReactNode {
  return (
    <label className={styles['selectOne']}>
      <input
        type="checkbox"
        aria-label={`Select ${label}`}
        checked={selected}
        onChange={({ nativeEvent }) =>
          onSelect(id, 'shiftKey' in nativeEvent && nativeEvent.shiftKey === true)
        }
      />
    </label>
  )
}
