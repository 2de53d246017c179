import { type Grid, middle, ratio, type Result, type Sample, throughputSpread } from './result.ts'

const METRICS = ['perSecond', 'mebibytesPerSecond', 'p50Ms', 'p99Ms', 'cpuMicroseconds'] as const

/** A result as JSON lines: one for each contender, with medians and ratios, one for each figure and each row of a grid. */
export function jsonLines(result: Result): string {
  const { benchmark, unit } = result
  const ours = result.series.find(({ contender }) => contender === 'atelier')
  const lines: object[] = result.series.map((series) => ({
    benchmark,
    unit,
    contender: series.contender,
    rounds: series.samples.length,
    ...perMetric((metric) => middle(series, metric)),
    spread: throughputSpread(series),
    ...(ours !== undefined &&
      ours !== series && { ours: perMetric((metric) => ratio(ours, series, metric)) }),
  }))
  lines.push(...result.figures.map((figure) => ({ benchmark, ...figure })))
  lines.push(...(result.grids ?? []).flatMap((grid) => gridLines(benchmark, grid)))
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

function gridLines(benchmark: string, { title, columns, rows }: Grid): readonly object[] {
  return rows.map(({ name, cells }) => ({
    benchmark,
    grid: title,
    contender: name,
    ...Object.fromEntries(columns.map((column, index) => [column, cells[index]])),
  }))
}

function perMetric(
  valueOf: (metric: keyof Sample) => number | undefined,
): Readonly<Record<string, number>> {
  const entries = METRICS.flatMap((metric) => {
    const value = valueOf(metric)
    return value === undefined ? [] : [[metric, value] as const]
  })
  return Object.fromEntries(entries)
}
