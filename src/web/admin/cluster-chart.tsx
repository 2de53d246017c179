import '@mantine/charts/styles.css'
import { AreaChart } from '@mantine/charts'
import { Text, Title } from '@mantine/core'
import { useId, type ReactNode } from 'react'
import type { SeriesJson } from '../../control/dashboard-json.ts'
import { formatMoment } from '../format/format-moment.ts'
import styles from './admin.module.css'
import {
  chartPoints,
  chartWords,
  drawnLines,
  highest,
  type ChartShape,
  type Line,
} from './chart-points.ts'

const HEIGHT_PX = 150
const DAY_MS = 86_400_000

/** What went on in the cluster, by time, and the same in words. */
export function ClusterChart({
  shape,
  series,
  now,
}: {
  shape: ChartShape
  series: SeriesJson
  now: number
}): ReactNode {
  const id = useId()
  const points = chartPoints(series, shape.lines)
  const [from, to] = [Date.parse(series.from), Date.parse(series.to)]
  const most = highest(points)
  const drawn = drawnLines(points, shape.lines)
  const isStack = drawn.length > 1
  const words = chartWords(points, shape, (ms) => formatMoment(ms, now))
  return (
    <figure className={styles['figure']} aria-labelledby={id}>
      <Title order={3} size="h5" id={id}>
        {shape.title}
      </Title>
      {shape.lines.length > 1 && <Legend lines={drawn} />}
      {/* Everything that it shows is said below it. */}
      <div aria-hidden>
        <AreaChart
          h={HEIGHT_PX}
          type="stacked"
          data={points.map(({ ms, values }) => ({ ms, ...Object.fromEntries(values.entries()) }))}
          dataKey="ms"
          series={drawn.map(({ index, label, color }) => ({
            name: String(index),
            label,
            color,
          }))}
          valueFormatter={shape.format}
          curveType="linear"
          withDots={points.length === 1}
          withGradient={false}
          // A line around nothing would look as if there were something.
          fillOpacity={isStack ? 0.75 : 0.35}
          strokeWidth={isStack ? 0 : 2}
          connectNulls={false}
          accessibilityLayer={false}
          textColor="var(--mantine-color-text)"
          gridColor="var(--atelier-line)"
          areaChartProps={{ margin: { top: 8 } }}
          yAxisProps={{
            width: 64,
            domain: [0, most === 0 ? 1 : 'auto'],
            allowDecimals: most < 3 && shape.format(0.5) === '0.5',
            interval: 0,
          }}
          xAxisProps={{
            type: 'number',
            scale: 'time',
            domain: [from, to],
            minTickGap: 40,
            tickFormatter: (ms: number) => tick(ms, to - from),
          }}
          tooltipProps={{ labelFormatter: (ms) => formatMoment(Number(ms), now) }}
          areaProps={{ isAnimationActive: false }}
        />
      </div>
      <Text component="figcaption" size="xs" c="dimmed">
        {words}
      </Text>
    </figure>
  )
}

function Legend({ lines }: { lines: readonly Line[] }): ReactNode {
  return (
    <div className={styles['legend']} aria-hidden>
      {lines.map(({ label, color }) => (
        <span key={label}>
          <span className={styles['swatch']} style={{ background: color }} />
          {label}
        </span>
      ))}
    </div>
  )
}

function tick(ms: number, spanMs: number): string {
  const date = new Date(ms)
  return spanMs > DAY_MS
    ? date.toLocaleDateString([], { day: 'numeric', month: 'short' })
    : date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
}
