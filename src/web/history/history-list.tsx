import { Button, Skeleton, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useAddressFilter } from '../list/use-address-filter.ts'
import { useNow } from '../live/use-now.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { HistoryFilterBar } from './history-filter-bar.tsx'
import {
  apiQuery,
  historyFilterQuery,
  NO_HISTORY_FILTER,
  parseHistoryFilter,
} from './history-filter.ts'
import { HistoryTable } from './history-table.tsx'
import styles from './history.module.css'
import { useHistory } from './use-history.ts'

/** The history with its filters, which stand in the address at `path`; of everybody, or one's own. */
export function HistoryList({ path, everybody }: { path: string; everybody: boolean }): ReactNode {
  const [filter, change] = useAddressFilter({
    path,
    parse: parseHistoryFilter,
    write: historyFilterQuery,
  })
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useHistory(
    filter,
    everybody,
  )
  const now = useNow(60_000)
  const items = data?.pages.flatMap((page) => page.items)
  const isFiltered = historyFilterQuery(filter) !== ''
  return (
    <>
      <HistoryFilterBar filter={filter} onChange={change} everybody={everybody} />
      <div className={styles['tools']}>
        {isFiltered && (
          <Button
            variant="subtle"
            size="compact-md"
            fz="sm"
            onClick={() => change(NO_HISTORY_FILTER)}
          >
            Show everything
          </Button>
        )}
        <Button
          component="a"
          href={`/api/v1/history?${apiQuery(filter, everybody, { format: 'csv' })}`}
          download
          variant="default"
          size="compact-md"
          fz="sm"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          Download as CSV
        </Button>
      </div>
      {error !== null && (
        <LoadProblem title="The history could not be read" error={error} onRetry={refetch} />
      )}
      {items === undefined && error === null && <Skeleton height={240} radius="md" aria-hidden />}
      {items?.length === 0 && (
        <Text c="dimmed" className={styles['empty'] ?? ''}>
          {isFiltered
            ? 'Nothing that ended matches these filters.'
            : 'No history yet. Sessions and jobs are listed here when they have ended.'}
        </Text>
      )}
      {items !== undefined && items.length > 0 && (
        <HistoryTable items={items} everybody={everybody} now={now} />
      )}
      {hasNextPage && (
        <Button
          mt="md"
          variant="default"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </>
  )
}
