import { Badge, Button, NativeSelect, Skeleton, Text, Title } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { Link, useSearch } from 'wouter'
import type { LivingJson } from '../../control/dashboard-json.ts'
import { WORK_KINDS, type WorkKind } from '../../history/history-entry.ts'
import { useNow } from '../live/use-now.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import styles from './admin.module.css'
import { useWork } from './use-dashboard.ts'
import { WorkTable } from './work-table.tsx'

const KINDS = [
  { value: '', label: 'Sessions and jobs' },
  { value: 'session', label: 'Sessions' },
  { value: 'job', label: 'Jobs' },
]

/** The sessions and jobs that have not ended; of one user, whom the address names, or of all. */
export function RunningSection(): ReactNode {
  const user = new URLSearchParams(useSearch()).get('user')
  const [kind, setKind] = useState<WorkKind | null>(null)
  const { data, error, refetch } = useWork(user)
  const now = useNow(10_000)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // Somebody has chosen a user further up.
    if (user !== null) heading.current?.focus()
  }, [user])
  const items = data?.items.filter((work) => kind === null || work.kind === kind)
  return (
    <section aria-labelledby="running" className={styles['section']}>
      <div className={styles['sectionHead']}>
        <Title order={2} size="h3" id="running" ref={heading} tabIndex={-1}>
          Running now
        </Title>
        <div className={styles['filters']}>
          {user !== null && (
            <Badge variant="outline" size="lg" tt="none" c="var(--mantine-color-text)" color="gray">
              only of {user}
            </Badge>
          )}
          {user !== null && (
            <Button
              component={Link}
              href="/admin"
              size="compact-sm"
              variant="default"
              leftSection={<IconX size={14} aria-hidden />}
            >
              Show everybody’s
            </Button>
          )}
          <NativeSelect
            aria-label="Kind"
            data={KINDS}
            value={kind ?? ''}
            onChange={({ currentTarget: { value } }) =>
              setKind(WORK_KINDS.find((each) => each === value) ?? null)
            }
          />
        </div>
      </div>
      {error !== null && (
        <LoadProblem title="What runs could not be read" error={error} onRetry={refetch} />
      )}
      {items === undefined && error === null && <Skeleton height={120} radius="md" aria-hidden />}
      {items !== undefined && <Items items={items} more={data?.more === true} now={now} />}
    </section>
  )
}

function Items({
  items,
  more,
  now,
}: {
  items: readonly LivingJson[]
  more: boolean
  now: number
}): ReactNode {
  if (items.length === 0) {
    return (
      <Text c="dimmed" className={styles['empty'] ?? ''}>
        Nothing runs.
      </Text>
    )
  }
  return (
    <>
      <WorkTable items={items} now={now} />
      {more && (
        <Text c="dimmed" size="sm" mt="xs">
          There are more; these began last. Choose a user to see all of theirs.
        </Text>
      )}
    </>
  )
}
