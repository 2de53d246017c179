import { IconArrowDown, IconArrowUp, IconArrowsSort } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { firstSort, type SessionSort, type SortKey } from './session-sort.ts'
import styles from '../list/rows.module.css'

/** The head of a column; where sorting is handled, a button that sorts by it, and turns the order at the next press. */
export function ColumnHead({
  title,
  by,
  sort,
  onSort,
}: {
  title: string
  by: SortKey
  sort: SessionSort | undefined
  onSort: ((sort: SessionSort) => void) | undefined
}): ReactNode {
  if (sort === undefined || onSort === undefined) {
    return (
      <th role="columnheader" scope="col">
        {title}
      </th>
    )
  }
  const sorting = sort.by === by
  const Sign = sorting ? (sort.descending ? IconArrowDown : IconArrowUp) : IconArrowsSort
  return (
    <th
      role="columnheader"
      scope="col"
      aria-sort={sorting ? (sort.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        className={styles['sorter']}
        data-sorting={sorting}
        onClick={() => onSort(sorting ? { by, descending: !sort.descending } : firstSort(by))}
      >
        {title}
        <Sign size={14} aria-hidden />
      </button>
    </th>
  )
}
