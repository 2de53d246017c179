import { Skeleton, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useNow } from '../live/use-now.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { usePageHeading } from '../shell/page.tsx'
import { AdminHead } from './admin-head.tsx'
import styles from './admin.module.css'
import { AdministratorsOnly } from './administrators-only.tsx'
import { NoticeForm } from './notice-form.tsx'
import { NoticeTable } from './notice-table.tsx'
import { useAllNotices } from './use-all-notices.ts'

/** Where administrators tell everybody something. */
export function AdminNoticesPage(): ReactNode {
  return (
    <AdministratorsOnly>
      <AllNotices />
    </AdministratorsOnly>
  )
}

function AllNotices(): ReactNode {
  const heading = usePageHeading('Notices')
  const { data, error, refetch } = useAllNotices()
  const now = useNow(10_000)
  return (
    <>
      <AdminHead title="Notices" heading={heading} />
      <NoticeForm />
      <section aria-labelledby="all-notices" className={styles['section']}>
        <Title order={2} size="h3" mb="sm" id="all-notices">
          All notices
        </Title>
        {error !== null && (
          <LoadProblem title="The notices could not be read" error={error} onRetry={refetch} />
        )}
        {data === undefined && error === null && <Skeleton height={64} radius="md" aria-hidden />}
        {data?.length === 0 && (
          <Text c="dimmed" className={styles['empty'] ?? ''}>
            There are none.
          </Text>
        )}
        {data !== undefined && data.length > 0 && <NoticeTable notices={data} now={now} />}
      </section>
    </>
  )
}
