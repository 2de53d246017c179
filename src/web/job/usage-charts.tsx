import '@mantine/charts/styles.css'
import { AreaChart } from '@mantine/charts'
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { JobView } from '../api/job-view.ts'
import { formatElapsed } from '../format/format-time.ts'
import { formatBytes, formatPercent } from '../format/format-usage.ts'
import styles from './job.module.css'
import { cpuWords, memoryWords, type UsagePoint } from './usage-points.ts'

const HEIGHT_PX = 110

/** Processor and memory over the time that a job runs, each with its limit and in words. */
export function UsageCharts({
  points,
  limits,
}: {
  points: readonly UsagePoint[]
  limits: JobView['limits']
}): ReactNode {
  const { cpus, memoryBytes } = limits ?? { cpus: null, memoryBytes: null }
  return (
    <>
      <UsageChart
        points={points}
        what={{ name: 'cpuPercent', label: 'Processor' }}
        color="var(--atelier-busy)"
        limit={cpus === null ? null : cpus * 100}
        format={formatPercent}
        words={cpuWords(points, cpus)}
      />
      <UsageChart
        points={points}
        what={{ name: 'memoryBytes', label: 'Memory' }}
        color="var(--atelier-good)"
        limit={memoryBytes}
        format={formatBytes}
        words={memoryWords(points, memoryBytes)}
      />
    </>
  )
}

function UsageChart({
  points,
  what,
  color,
  limit,
  format,
  words,
}: {
  points: readonly UsagePoint[]
  what: { readonly name: 'cpuPercent' | 'memoryBytes'; readonly label: string }
  color: string
  limit: number | null
  format: (value: number) => string
  /** The same in words; null if nothing is known. */
  words: string | null
}): ReactNode {
  if (words === null) return null
  const most = Math.max(...points.map((point) => point[what.name] ?? 0))
  return (
    <figure className={styles['figure']}>
      {/* Everything that it shows is said below it. */}
      <div aria-hidden>
        <AreaChart
          h={HEIGHT_PX}
          data={points.map((point) => ({ ...point }))}
          dataKey="ms"
          series={[{ name: what.name, label: what.label, color }]}
          valueFormatter={format}
          curveType="linear"
          withDots={false}
          accessibilityLayer={false}
          textColor="var(--mantine-color-text)"
          yAxisProps={{ width: 64, domain: [0, topOf(most, limit)], tickCount: 3 }}
          xAxisProps={{
            type: 'number',
            domain: ['dataMin', 'dataMax'],
            tickFormatter: (ms: number) => formatElapsed(ms),
            tickCount: 4,
          }}
          tooltipProps={{ labelFormatter: (ms) => formatElapsed(Number(ms)) }}
          areaProps={{ isAnimationActive: false }}
          {...(limit !== null && {
            referenceLines: [{ y: limit, label: 'limit', color: 'var(--atelier-bad)' }],
          })}
        />
      </div>
      <Text component="figcaption" size="sm" c="dimmed">
        {words}
      </Text>
    </figure>
  )
}

// A limit that is far away would press the line flat: it is drawn from a third of it on.
function topOf(most: number, limit: number | null): number | 'auto' {
  return limit !== null && most > limit / 3 ? Math.max(most, limit) * 1.1 : 'auto'
}
