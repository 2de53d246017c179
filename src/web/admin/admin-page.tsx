import { Skeleton, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { NodeTable } from '../nodes/node-table.tsx'
import { LoadProblem } from '../shell/load-problem.tsx'
import { usePageHeading } from '../shell/page.tsx'
import { AdminHead } from './admin-head.tsx'
import styles from './admin.module.css'
import { AdministratorsOnly } from './administrators-only.tsx'
import { ClusterCharts } from './cluster-charts.tsx'
import { RunningSection } from './running-section.tsx'
import { Tiles } from './tiles.tsx'
import { useDashboard } from './use-dashboard.ts'
import { UsersTable } from './users-table.tsx'

/** The dashboard of administrators: what goes on in the cluster, and what went on. */
export function AdminPage(): ReactNode {
  return (
    <AdministratorsOnly>
      <Dashboard />
    </AdministratorsOnly>
  )
}

function Dashboard(): ReactNode {
  const heading = usePageHeading('Dashboard')
  const { data, error, refetch } = useDashboard()
  return (
    <>
      <AdminHead title="Dashboard" heading={heading} />
      {error !== null && (
        <LoadProblem
          title={data === undefined ? 'The dashboard could not be read' : 'This may be out of date'}
          error={error}
          onRetry={refetch}
        />
      )}
      {data === undefined && error === null && <Skeleton height={96} radius="md" aria-hidden />}
      {data !== undefined && <Tiles dashboard={data} />}
      <ClusterCharts />
      {data !== undefined && (
        <section aria-labelledby="users" className={styles['section']}>
          <Title order={2} size="h3" mb="sm" id="users">
            Users
          </Title>
          <UsersTable users={data.users} />
        </section>
      )}
      <RunningSection />
      {data !== undefined && (
        <section aria-labelledby="nodes" className={styles['section']}>
          <Title order={2} size="h3" mb="sm" id="nodes">
            Nodes
          </Title>
          <NodeTable nodes={data.nodes} />
        </section>
      )}
    </>
  )
}
