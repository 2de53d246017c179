import { median, spread } from './statistics.ts'

/** One measurement of one contender; what does not apply is left out. */
export interface Sample {
  /** Requests, messages or transfers a second. */
  readonly perSecond: number
  readonly mebibytesPerSecond?: number
  readonly p50Ms?: number
  readonly p99Ms?: number
  /** CPU time of all the contender's processes, for one request, message or transfer. */
  readonly cpuMicroseconds?: number
}

/** All measurements of one contender in one benchmark, one for each round. */
export interface Series {
  readonly contender: string
  readonly samples: readonly Sample[]
}

/** What a benchmark has found: series to be compared, and further figures that stand alone. */
export interface Result {
  readonly benchmark: string
  /** What was done, in a few words. */
  readonly title: string
  /** What is counted: `requests`, `messages`, `transfers`. */
  readonly unit: string
  readonly series: readonly Series[]
  readonly figures: readonly Figure[]
  readonly grids?: readonly Grid[]
}

/** Figures of several contenders that are no rates, one row for each; `undefined` where there is none. */
export interface Grid {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly {
    readonly name: string
    readonly cells: readonly (Cell | undefined)[]
  }[]
}

/** A figure in a grid: one number, or the middle and the worst of several. */
export type Cell = number | { readonly p50: number; readonly max: number }

/** A figure of its own. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
}

/** The median of a metric over the rounds; undefined if it was not measured. */
export function middle(series: Series, metric: keyof Sample): number | undefined {
  const values = valuesOf(series, metric)
  return values.length === 0 ? undefined : median(values)
}

/** How far the throughput of the rounds lies apart; see `spread`. */
export function throughputSpread(series: Series): number {
  return spread(valuesOf(series, 'perSecond'))
}

/**
 * How many times as large a metric is for `one` as for `other`: the median of the rounds' own ratios, since what slowed
 * the machine down in a round slowed down both. Undefined if it was not measured for both.
 */
export function ratio(one: Series, other: Series, metric: keyof Sample): number | undefined {
  const ratios = one.samples.flatMap((sample, round) => {
    const [mine, theirs] = [sample[metric], other.samples[round]?.[metric]]
    return mine === undefined || theirs === undefined || theirs === 0 ? [] : [mine / theirs]
  })
  return ratios.length === 0 ? undefined : median(ratios)
}

/** The series of a contender; undefined if it took no part. */
export function seriesOf(result: Result, contender: string): Series | undefined {
  return result.series.find((series) => series.contender === contender)
}

function valuesOf({ samples }: Series, metric: keyof Sample): readonly number[] {
  return samples.flatMap((sample) => sample[metric] ?? [])
}
