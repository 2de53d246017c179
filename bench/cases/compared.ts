import type { ContenderName } from '../contenders/contender.ts'
import { type Figure, ratio, type Series } from '../report/result.ts'

/** What a benchmark says that compares other contenders than the usual ones. */
export interface Compared {
  readonly contenders: readonly ContenderName[]
  /** Figures made of what was measured. */
  readonly figures: (series: readonly Series[]) => readonly Figure[]
}

/** One node beside two in a row, and beside an earlier commit's one if there is a worktree with it. */
export function hops(earlier: string | undefined): Compared {
  const contenders: readonly ContenderName[] = ['atelier', 'two-hops']
  return {
    contenders: earlier === undefined ? contenders : [...contenders, 'earlier'],
    figures: hopFigures,
  }
}

/** How many times as much two nodes in a row do and cost as one, and one node as it did and cost earlier. */
export function hopFigures(series: readonly Series[]): readonly Figure[] {
  return [
    ...comparison(series, 'two hops compared with one', 'two-hops', 'atelier'),
    ...comparison(series, 'one hop compared with earlier', 'atelier', 'earlier'),
  ]
}

function comparison(
  series: readonly Series[],
  what: string,
  one: ContenderName,
  other: ContenderName,
): readonly Figure[] {
  const [mine, theirs] = [one, other].map((name) =>
    series.find(({ contender }) => contender === name),
  )
  if (mine === undefined || theirs === undefined) return []
  const value = (metric: 'perSecond' | 'cpuMicroseconds') => ratio(mine, theirs, metric) ?? NaN
  return [
    { name: `${what}: rate`, value: value('perSecond'), unit: 'x' },
    { name: `${what}: CPU`, value: value('cpuMicroseconds'), unit: 'x' },
  ]
}
