import type { Figure, Grid } from '../report/result.ts'
import { percentile } from '../report/statistics.ts'
import type { Hinting } from './hinting-database.ts'
import type { Change } from './routable-messages.ts'

/** What was measured with one way of hinting, at one rate of changes and one time that commits take. */
export interface RoutableMeasurement {
  readonly hinting: Hinting
  readonly commitDelayMs: number
  /** Changes a second that were asked for; undefined for as many as possible. */
  readonly rate: number | undefined
  /** From just before the write that makes a session routable until the other node has it, in ms. */
  readonly routableMs: readonly number[]
  /** From just before each change until its commit was answered, in ms. */
  readonly commitMs: readonly number[]
  /** Changes a second that were made. */
  readonly perSecond: number
}

/** How long after its write each change was seen. Undefined while some of them were not. */
export function routableTimes(
  changes: readonly Change[],
  seen: ReadonlyMap<string, number>,
): readonly number[] | undefined {
  const times = changes.flatMap(({ id, begun }) => {
    const at = seen.get(id)
    return at === undefined ? [] : [at - begun]
  })
  return times.length < changes.length ? undefined : times
}

/** Measurements of the same kind, one for each round, as one. */
export function merged(rounds: readonly RoutableMeasurement[]): readonly RoutableMeasurement[] {
  const all = new Map<string, RoutableMeasurement[]>()
  for (const each of rounds) {
    const key = `${each.commitDelayMs} ${each.rate} ${each.hinting}`
    all.set(key, [...(all.get(key) ?? []), each])
  }
  return [...all.values()].flatMap((same) => {
    const [first] = same
    if (first === undefined) return []
    const perSecond = same.reduce((sum, each) => sum + each.perSecond, 0) / same.length
    return {
      ...first,
      perSecond,
      routableMs: same.flatMap(({ routableMs }) => routableMs),
      commitMs: same.flatMap(({ commitMs }) => commitMs),
    }
  })
}

/** One grid for each rate and time of a commit, with a row for each way of hinting; times in ms. */
export function routableGrids(measured: readonly RoutableMeasurement[]): readonly Grid[] {
  const titles = [...new Set(measured.map(titleOf))]
  return titles.map((title) => ({
    title,
    columns: ['routable p50', 'p99', 'samples', 'commit p50', 'p99', 'changes/s'],
    rows: measured
      .filter((each) => titleOf(each) === title)
      .map(({ hinting, routableMs, commitMs, perSecond }) => ({
        name: `hint ${hinting}`,
        cells: [
          ...(routableMs.length === 0
            ? [undefined, undefined, undefined]
            : [percentile(routableMs, 50), percentile(routableMs, 99), routableMs.length]),
          percentile(commitMs, 50),
          percentile(commitMs, 99),
          perSecond,
        ],
      })),
  }))
}

/** What our way takes at the highest rate, on the disk of this machine. */
export function routableFigures(measured: readonly RoutableMeasurement[]): readonly Figure[] {
  const ours = measured.filter(
    ({ hinting, commitDelayMs, rate }) =>
      hinting === 'own statement' && commitDelayMs === 0 && rate !== undefined,
  )
  return ours.flatMap(({ rate, routableMs }) =>
    [50, 99].map((percent) => ({
      name: `routable on another node at ${rate} changes/s, p${percent}`,
      value: percentile(routableMs, percent),
      unit: 'ms',
    })),
  )
}

function titleOf({ rate, commitDelayMs }: RoutableMeasurement): string {
  const pace = rate === undefined ? 'as many changes as 16 writers can make' : `${rate} changes/s`
  return commitDelayMs === 0 ? pace : `${pace}, each commit ${commitDelayMs} ms slower`
}
