import { NativeSelect, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { END_STATES, WORK_KINDS } from '../../history/history-entry.ts'
import { IDE_NAMES } from '../../sessions/session.ts'
import { IDE_TITLES } from '../ides/ide-titles.ts'
import type { HistoryFilter } from './history-filter.ts'
import styles from './history.module.css'

const KINDS = [
  { value: '', label: 'Sessions and jobs' },
  { value: 'session', label: 'Sessions' },
  { value: 'job', label: 'Jobs' },
]
const IDES = [
  { value: '', label: 'Any' },
  ...IDE_NAMES.map((ide) => ({ value: ide, label: IDE_TITLES[ide] })),
]
const STATES = [
  { value: '', label: 'Any' },
  ...END_STATES.map((state) => ({ value: state, label: state })),
]

/** The fields that narrow the history down. */
export function HistoryFilterBar({
  filter,
  onChange,
  everybody,
}: {
  filter: HistoryFilter
  onChange: (changes: Partial<HistoryFilter>) => void
  everybody: boolean
}): ReactNode {
  const { user, kind, ide, state, from, to } = filter
  return (
    <search className={styles['filters']} aria-label="Filter the history">
      {everybody && (
        <TextInput
          label="User"
          placeholder="Everybody"
          maxLength={200}
          value={user ?? ''}
          onChange={({ currentTarget: { value } }) =>
            onChange({ user: value === '' ? null : value })
          }
        />
      )}
      <NativeSelect
        label="Kind"
        data={KINDS}
        value={ide === null ? (kind ?? '') : 'session'}
        onChange={({ currentTarget: { value } }) =>
          onChange({ kind: WORK_KINDS.find((each) => each === value) ?? null, ide: null })
        }
      />
      <NativeSelect
        label="IDE"
        data={IDES}
        value={ide ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ide: IDE_NAMES.find((each) => each === value) ?? null })
        }
      />
      <NativeSelect
        label="Ended as"
        data={STATES}
        value={state ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onChange({ state: END_STATES.find((each) => each === value) ?? null })
        }
      />
      <TextInput
        type="date"
        label="From"
        value={from ?? ''}
        onChange={({ currentTarget: { value } }) => onChange({ from: value === '' ? null : value })}
      />
      <TextInput
        type="date"
        label="To"
        value={to ?? ''}
        onChange={({ currentTarget: { value } }) => onChange({ to: value === '' ? null : value })}
      />
    </search>
  )
}
