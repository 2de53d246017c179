import { Title } from '@mantine/core'
import { lazy, Suspense, type ReactNode } from 'react'
import { useJobUsage } from '../api/job-queries.ts'
import type { JobView } from '../api/job-view.ts'
import styles from './job.module.css'
import { usagePoints } from './usage-points.ts'

// Charts are large: only who looks at a job that has something to show loads them.
const UsageCharts = lazy(async () => ({
  default: (await import('./usage-charts.tsx')).UsageCharts,
}))

/** What a job used over time; nothing as long as there are not two samples to draw a line between. */
export function UsageSection({ job }: { job: JobView }): ReactNode {
  const { data: samples = [] } = useJobUsage(job)
  if (job.startedAt === null || samples.length < 2) return null
  return (
    <div>
      <Title order={2} size="h4" mb="xs">
        {job.endedAt === null ? 'What it uses' : 'What it used'}
      </Title>
      <div className={styles['usage']}>
        <Suspense fallback={null}>
          <UsageCharts points={usagePoints(samples, job.startedAt)} limits={job.limits} />
        </Suspense>
      </div>
    </div>
  )
}
