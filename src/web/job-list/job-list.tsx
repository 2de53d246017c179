import { Button, Group, Text } from '@mantine/core'
import { useDeferredValue, useRef, type ReactNode } from 'react'
import { useMe } from '../api/queries.ts'
import { ListLoading } from '../list/list-loading.tsx'
import { NoMatch } from '../list/no-match.tsx'
import { SelectionBar } from '../list/selection-bar.tsx'
import { useSelection } from '../list/use-selection.ts'
import { changedJobs, useAnnouncedChanges } from '../live/use-announced-changes.ts'
import { useShortcuts } from '../keyboard/use-shortcuts.ts'
import { useJobChoices } from '../new-job/use-job-choices.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { Announcement } from '../shell/page.tsx'
import { EmptyJobs } from './empty-jobs.tsx'
import { JobFilterBar } from './job-filter-bar.tsx'
import { isHiding, NO_FILTER, type JobFilter } from './job-filter.ts'
import { JobTable } from './job-table.tsx'
import { ScheduleNotice } from './schedule-notice.tsx'
import { useJobBulk } from './use-job-bulk.ts'
import { useJobList } from './use-job-list.ts'

/** The jobs of a filter, with what it takes to find and select them. */
export function JobList({
  filter: wanted,
  onFilter,
  onFocusLost,
}: {
  filter: JobFilter
  onFilter: (changes: Partial<JobFilter>) => void
  /** Called when the element that had the focus may be gone. */
  onFocusLost: () => void
}): ReactNode {
  const filter = useDeferredValue(wanted)
  const list = useJobList(filter)
  const jobs = list.jobs ?? []
  const selection = useSelection(jobs)
  const bulk = useJobBulk()
  const me = useMe().data
  const choices = useJobChoices().data
  const announcement = useAnnouncedChanges(list.jobs, changedJobs)
  const search = useRef<HTMLInputElement>(null)
  useShortcuts({ '/': () => search.current?.focus() })
  const isEmpty = list.jobs !== undefined && jobs.length === 0
  if (isEmpty && !isHiding(filter) && !isHiding(wanted) && filter.user === null) {
    // An administrator without jobs may look at those of others.
    return (
      <>
        <EmptyJobs />
        {me?.role === 'administrator' && (
          <Button mt="md" variant="subtle" onClick={() => onFilter({ user: '*' })}>
            Show everybody's jobs
          </Button>
        )}
      </>
    )
  }
  const showAll = (): void => {
    onFilter({ ...NO_FILTER, user: wanted.user })
    search.current?.focus()
  }
  return (
    <>
      {wanted.schedule !== null && (
        <ScheduleNotice id={wanted.schedule} onClear={() => onFilter({ schedule: null })} />
      )}
      <JobFilterBar
        filter={wanted}
        onChange={onFilter}
        search={search}
        clusters={choices?.clusters.map(({ name }) => name) ?? []}
        isAdministrator={me?.role === 'administrator'}
      />
      {list.error !== null && (
        <LoadProblem
          title={
            list.jobs === undefined ? 'Your jobs could not be read' : 'This may be out of date'
          }
          error={list.error}
          onRetry={list.retry}
        />
      )}
      {list.jobs === undefined && list.error === null && <ListLoading what="jobs" />}
      {list.jobs !== undefined && (
        <SelectionBar
          bulk={bulk}
          shown={jobs.length}
          count={countOf(list)}
          selected={selection.selected}
          onSelectAll={selection.all}
          onClear={selection.clear}
          onGone={onFocusLost}
        />
      )}
      {isEmpty ? (
        <NoMatch noun="job" onClear={showAll}>
          {isHiding(filter)
            ? 'No job is let through by the search and the filters.'
            : 'There are no jobs.'}
        </NoMatch>
      ) : (
        list.jobs !== undefined && (
          <JobTable
            jobs={jobs}
            withUser={filter.user !== null}
            selected={selection.ids}
            onSelect={selection.toggle}
          />
        )
      )}
      {list.hasMore && (
        <Group mt="md" gap="md">
          <Button variant="default" loading={list.loadingMore} onClick={list.loadMore}>
            Show more
          </Button>
          <Text size="sm" c="dimmed">
            There are older ones.
          </Text>
        </Group>
      )}
      <Announcement text={announcement} />
    </>
  )
}

function countOf({ jobs = [], living, hasMore }: ReturnType<typeof useJobList>): string {
  const all = jobs.length === 1 && !hasMore ? '1 job' : `${jobs.length}${hasMore ? '+' : ''} jobs`
  return living === 0 ? all : `${living} running or waiting, ${all}`
}
