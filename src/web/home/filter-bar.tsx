import { NativeSelect } from '@mantine/core'
import type { ReactNode, RefObject } from 'react'
import { IDE_NAMES, SESSION_STATES } from '../../sessions/session.ts'
import { IDE_TITLES } from '../ides/ide-titles.ts'
import styles from '../list/list-tools.module.css'
import { SearchField } from '../list/search-field.tsx'
import { STATE_FILTERS, type SessionFilter } from './session-filter.ts'
import { parseSort, sortWord } from './session-sort.ts'

const STATES = [
  { value: '', label: 'Any state' },
  { value: 'running', label: 'Not ended' },
  { value: 'ended', label: 'Ended' },
  ...SESSION_STATES.map((state) => ({ value: state, label: state })),
]
const IDES = [
  { value: '', label: 'Any IDE' },
  ...IDE_NAMES.map((ide) => ({ value: ide, label: IDE_TITLES[ide] })),
]
const SORTS = [
  { value: '-started', label: 'Newest first' },
  { value: 'started', label: 'Oldest first' },
  { value: 'name', label: 'Name' },
  { value: 'state', label: 'State' },
  { value: '-used', label: 'Last used' },
  { value: '-cpu', label: 'CPU' },
  { value: '-memory', label: 'Memory' },
]

/** The fields that narrow the list of sessions down; `search` is the field that `/` leads to. */
export function FilterBar({
  filter,
  onChange,
  search,
}: {
  filter: SessionFilter
  onChange: (changes: Partial<SessionFilter>) => void
  search: RefObject<HTMLInputElement | null>
}): ReactNode {
  const sort = sortWord(filter.sort)
  return (
    <search className={styles['filters']} aria-label="Filter sessions">
      <SearchField
        label="Search sessions"
        placeholder="Search by name, IDE or state"
        value={filter.text}
        onChange={(text) => onChange({ text })}
        search={search}
      />
      <NativeSelect
        aria-label="State"
        data={STATES}
        value={filter.state ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onChange({ state: STATE_FILTERS.find((each) => each === value) ?? null })
        }
      />
      <NativeSelect
        aria-label="IDE"
        data={IDES}
        value={filter.ide ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ide: IDE_NAMES.find((each) => each === value) ?? null })
        }
      />
      <NativeSelect
        className={styles['sort']}
        aria-label="Order"
        data={
          SORTS.some(({ value }) => value === sort)
            ? SORTS
            : [...SORTS, { value: sort, label: `${filter.sort.by}, reversed` }]
        }
        value={sort}
        onChange={({ currentTarget: { value } }) => onChange({ sort: parseSort(value) })}
      />
    </search>
  )
}
