import type { UsageSample } from '../api/job-view.ts'
import { formatElapsed } from '../format/format-time.ts'
import { formatBytes, formatPercent } from '../format/format-usage.ts'

/** What is drawn of one sample. */
export interface UsagePoint {
  /** Milliseconds since the job was started. */
  readonly ms: number
  readonly cpuPercent: number | null
  readonly memoryBytes: number | null
}

/** The samples by the time since the job was started, in order. */
export function usagePoints(
  samples: readonly UsageSample[],
  startedAt: string,
): readonly UsagePoint[] {
  const start = Date.parse(startedAt)
  return samples
    .map(({ at, cpuPercent, memoryBytes }) => ({
      // Its first sample may be a little older than what the Launcher told of its start.
      ms: Math.max(0, Date.parse(at) - start),
      cpuPercent,
      memoryBytes,
    }))
    .toSorted((a, b) => a.ms - b.ms)
}

/** What a chart of the processor shows, as a sentence; null without samples. */
export function cpuWords(points: readonly UsagePoint[], cpus: number | null): string | null {
  const values = points.map(({ cpuPercent }) => cpuPercent).filter((value) => value !== null)
  if (values.length === 0) return null
  const limit = cpus === null ? '' : ` of ${formatPercent(cpus * 100)}`
  return `Processor: ${spanWords(values, formatPercent)}${limit}, over ${lengthWords(points)}.`
}

/** The same of the memory. */
export function memoryWords(
  points: readonly UsagePoint[],
  memoryBytes: number | null,
): string | null {
  const values = points.map((point) => point.memoryBytes).filter((value) => value !== null)
  if (values.length === 0) return null
  const limit = memoryBytes === null ? '' : ` of ${formatBytes(memoryBytes)}`
  return `Memory: ${spanWords(values, formatBytes)}${limit}, over ${lengthWords(points)}.`
}

function spanWords(values: readonly number[], format: (value: number) => string): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const last = values.at(-1) ?? 0
  return `at the end ${format(last)}, in the mean ${format(mean)}, at most ${format(Math.max(...values))}`
}

function lengthWords(points: readonly UsagePoint[]): string {
  return formatElapsed(points.at(-1)?.ms ?? 0)
}
