import { middle, ratio, type Result, type Sample, throughputSpread } from './result.ts'

const METRICS = ['perSecond', 'mebibytesPerSecond', 'p50Ms', 'p99Ms', 'cpuMicroseconds'] as const

/** A result as JSON lines: one for each contender, with medians and ratios, and one for each figure. */
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
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
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
