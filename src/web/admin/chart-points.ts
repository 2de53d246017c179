import type { SampleJson, SeriesJson } from '../../control/dashboard-json.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** How far back charts look, and the seconds of their steps. */
export const SPANS = {
  hour: { ms: HOUR_MS, step: 60, words: 'the last hour' },
  day: { ms: DAY_MS, step: 600, words: 'the last day' },
  week: { ms: 7 * DAY_MS, step: 3600, words: 'the last week' },
  month: { ms: 30 * DAY_MS, step: 4 * 3600, words: 'the last 30 days' },
} as const

/** The name of a span. */
export type SpanName = keyof typeof SPANS

/** A line of a chart: what it is called, and its value at a time. */
export interface Line {
  readonly label: string
  readonly color: string
  readonly of: (sample: SampleJson) => number
}

/** A chart: values by time, in one unit. */
export interface ChartShape {
  readonly title: string
  readonly lines: readonly Line[]
  readonly format: (value: number) => string
}

/** The values of all lines at one time; null where nothing is known. */
export interface ChartPoint {
  readonly ms: number
  readonly values: readonly (number | null)[]
}

/** The points of a chart, with empty ones where there are no samples, so that a gap is not drawn as a line. */
export function chartPoints(series: SeriesJson, lines: readonly Line[]): readonly ChartPoint[] {
  const points: ChartPoint[] = []
  const stepMs = series.step * 1000
  for (const sample of series.items) {
    const ms = Date.parse(sample.at)
    const last = points.at(-1)?.ms
    if (last !== undefined && ms - last > stepMs * 1.5) {
      points.push({ ms: last + stepMs, values: lines.map(() => null) })
    }
    points.push({ ms, values: lines.map((line) => line.of(sample)) })
  }
  return points
}

/** A chart in words: of each line the value now, the most and when that was, and the mean. */
export function chartWords(
  points: readonly ChartPoint[],
  { lines, format }: Pick<ChartShape, 'lines' | 'format'>,
  moment: (ms: number) => string,
): string {
  return lines
    .map(({ label }, index) => {
      const known = points.flatMap(({ ms, values }) => {
        const value = values[index]
        return value === undefined || value === null ? [] : [{ ms, value }]
      })
      const last = known.at(-1)
      if (last === undefined) return `${label}: nothing known.`
      const most = known.reduce((a, b) => (b.value > a.value ? b : a))
      if (most.value === 0) return `${label}: none.`
      const mean = known.reduce((sum, { value }) => sum + value, 0) / known.length
      return `${label}: ${format(last.value)} now, ${format(most.value)} at most (${moment(most.ms)}), ${format(mean)} on average.`
    })
    .join(' ')
}

/** The highest value of a stacked chart. */
export function highest(points: readonly ChartPoint[]): number {
  const sums = points.map(({ values }) =>
    values.reduce<number>((sum, each) => sum + (each ?? 0), 0),
  )
  return Math.max(0, ...sums)
}

/** The lines that are drawn, with their places: those that are ever more than nothing, or else the first. */
export function drawnLines(
  points: readonly ChartPoint[],
  lines: readonly Line[],
): readonly (Line & { readonly index: number })[] {
  const placed = lines.map((line, index) => ({ ...line, index }))
  const drawn = placed.filter(({ index }) => points.some(({ values }) => (values[index] ?? 0) > 0))
  return drawn.length > 0 ? drawn : placed.slice(0, 1)
}
