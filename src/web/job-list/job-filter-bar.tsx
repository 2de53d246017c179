import { NativeSelect } from '@mantine/core'
import type { ReactNode, RefObject } from 'react'
import { JOB_STATES } from '../../jobs/workbench-job.ts'
import tools from '../list/list-tools.module.css'
import { SearchField } from '../list/search-field.tsx'
import { AGES, STATE_FILTERS, type JobFilter } from './job-filter.ts'

const STATES = [
  { value: '', label: 'Any state' },
  { value: 'running', label: 'Not ended' },
  { value: 'ended', label: 'Ended' },
  ...JOB_STATES.map((state) => ({ value: state, label: state })),
]
const TIMES = [
  { value: '', label: 'Any time' },
  { value: '1', label: 'Last 24 hours' },
  { value: '7', label: 'Last 7 days' },
  { value: '30', label: 'Last 30 days' },
]

/** The fields that narrow the list of jobs down; `search` is the field that `/` leads to. */
export function JobFilterBar({
  filter,
  onChange,
  search,
  clusters,
  isAdministrator,
}: {
  filter: JobFilter
  onChange: (changes: Partial<JobFilter>) => void
  search: RefObject<HTMLInputElement | null>
  /** The names of the Launcher clusters. */
  clusters: readonly string[]
  isAdministrator: boolean
}): ReactNode {
  const { user, cluster } = filter
  const someCluster = cluster === null || clusters.includes(cluster) ? [] : [cluster]
  return (
    <search className={tools['filters']} data-fields="many" aria-label="Filter jobs">
      <SearchField
        label="Search jobs"
        placeholder="Search by name or script"
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
        aria-label="Time"
        data={TIMES}
        value={filter.days ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onChange({ days: AGES.find((each) => String(each) === value) ?? null })
        }
      />
      {(clusters.length > 1 || cluster !== null) && (
        <NativeSelect
          aria-label="Cluster"
          data={[
            { value: '', label: 'Any cluster' },
            ...[...clusters, ...someCluster].map((name) => ({ value: name, label: name })),
          ]}
          value={cluster ?? ''}
          onChange={({ currentTarget: { value } }) =>
            onChange({ cluster: value === '' ? null : value })
          }
        />
      )}
      {isAdministrator && (
        <NativeSelect
          aria-label="User"
          data={[
            { value: '', label: 'My jobs' },
            { value: '*', label: "Everybody's jobs" },
            ...(user === null || user === '*' ? [] : [{ value: user, label: `Jobs of ${user}` }]),
          ]}
          value={user ?? ''}
          onChange={({ currentTarget: { value } }) =>
            onChange({ user: value === '' ? null : value })
          }
        />
      )}
    </search>
  )
}
