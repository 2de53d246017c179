import '@mantine/charts/styles.css'
import { AreaChart } from '@mantine/charts'
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { JobView } from '../api/job-view.ts'
import { formatElapsed } from '../format/format-time.ts'
import { formatBytes, formatPercent } from '../format/format-usage.ts'
import { timeAxis, valueAxis } from './chart-axis.ts'
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
  const { cpus, memoryBytes } = limits
  return (
    <>
      <UsageChart
        points={points}
        what={{ name: 'cpuPercent', label: 'Processor', base: 10 }}
        color="var(--atelier-busy)"
        limit={cpus === null ? null : cpus * 100}
        format={formatPercent}
        words={cpuWords(points, cpus)}
      />
      <UsageChart
        points={points}
        what={{ name: 'memoryBytes', label: 'Memory', base: 2 }}
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
  what: {
    readonly name: 'cpuPercent' | 'memoryBytes'
    readonly label: string
    readonly base: 2 | 10
  }
  color: string
  limit: number | null
  format: (value: number) => string
  /** The same in words; null if nothing is known. */
  words: string | null
}): ReactNode {
  if (words === null) return null
  const most = Math.max(...points.map((point) => point[what.name] ?? 0))
  const values = valueAxis(most, limit, what.base)
  const times = timeAxis(points.at(-1)?.ms ?? 0)
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
          yAxisProps={{ width: 68, domain: [0, values.top], ticks: [...values.ticks] }}
          xAxisProps={{
            type: 'number',
            domain: [0, times.top],
            ticks: [...times.ticks],
            tickFormatter: (ms: number) => formatElapsed(ms).replace(/ 0 (?:s|min)$/, ''),
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
