import { Button, Skeleton, Text, Title } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useNow } from '../live/use-now.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import styles from './admin.module.css'
import { SPANS, type SpanName } from './chart-points.ts'
import { CHARTS } from './chart-shapes.ts'
import { ClusterChart } from './cluster-chart.tsx'
import { useSeries } from './use-dashboard.ts'

const NAMES: readonly (readonly [SpanName, string])[] = [
  ['hour', 'Hour'],
  ['day', 'Day'],
  ['week', 'Week'],
  ['month', 'Month'],
]

/** The charts of the cluster over a span that can be chosen. */
export function ClusterCharts(): ReactNode {
  const [span, setSpan] = useState<SpanName>('hour')
  const { data, error, refetch } = useSeries(span)
  const now = useNow(60_000)
  return (
    <section aria-labelledby="charts" className={styles['section']}>
      <div className={styles['sectionHead']}>
        <Title order={2} size="h3" id="charts">
          Over {SPANS[span].words}
        </Title>
        <Button.Group aria-label="Span of the charts">
          {NAMES.map(([name, title]) => (
            <Button
              key={name}
              size="compact-md"
              fz="sm"
              px="sm"
              variant={name === span ? 'filled' : 'default'}
              aria-pressed={name === span}
              onClick={() => setSpan(name)}
            >
              {title}
            </Button>
          ))}
        </Button.Group>
      </div>
      {error !== null && (
        <LoadProblem
          title={
            data === undefined ? 'The charts could not be read' : 'The charts may be out of date'
          }
          error={error}
          onRetry={refetch}
        />
      )}
      {data === undefined && error === null && <Skeleton height={320} radius="md" aria-hidden />}
      {data?.items.length === 0 && (
        <Text c="dimmed" className={styles['empty'] ?? ''}>
          No history yet. A point is added each minute.
        </Text>
      )}
      {data !== undefined && data.items.length > 0 && (
        <div className={styles['charts']}>
          {CHARTS.map((shape) => (
            <ClusterChart key={shape.title} shape={shape} series={data} now={now} />
          ))}
        </div>
      )}
    </section>
  )
}
