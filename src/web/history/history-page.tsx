import { Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { AdminHead } from '../admin/admin-head.tsx'
import { AdministratorsOnly } from '../admin/administrators-only.tsx'
import { usePageHeading } from '../shell/page.tsx'
import { HistoryList } from './history-list.tsx'
import { MonthUse } from './month-use.tsx'

/** What one ran oneself, and how much one used. */
export function HistoryPage(): ReactNode {
  const heading = usePageHeading('History')
  return (
    <>
      <Title order={1} size="h2" mb="xs" ref={heading} tabIndex={-1}>
        History
      </Title>
      <MonthUse />
      <HistoryList path="/history" everybody={false} />
    </>
  )
}

/** What everybody ran, for administrators. */
export function AdminHistoryPage(): ReactNode {
  return (
    <AdministratorsOnly>
      <Everybodys />
    </AdministratorsOnly>
  )
}

function Everybodys(): ReactNode {
  const heading = usePageHeading('History')
  return (
    <>
      <AdminHead title="History" heading={heading} />
      <HistoryList path="/admin/history" everybody />
    </>
  )
}
