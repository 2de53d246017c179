import type { Cell, Figure, Grid } from '../report/result.ts'
import { median } from '../report/statistics.ts'
import type { ClusterMeasurements } from './measurements.ts'
import { memberlistArithmetic, suspicionAfter } from './memberlist-formulas.ts'
import type { Spread } from './sightings.ts'

const COLUMNS = [
  'death: first',
  'death: all',
  'news: all',
  'leave: all',
  'join: all',
  'false deaths',
  'CPU %',
  'sent B/s',
]

/** One grid for each size of cluster: times in milliseconds as middle/worst, use of a member while nothing happens. */
export function measuredGrids(measured: readonly ClusterMeasurements[]): readonly Grid[] {
  const sizes = [...new Set(measured.map(({ size }) => size))]
  return sizes.map((size) => ({
    title: `${size} members, measured (ms as p50/max)`,
    columns: COLUMNS,
    rows: measured
      .filter((each) => each.size === size)
      .map((each) => ({
        name: each.contender,
        cells: [
          cell(each.deaths, ({ first }) => first),
          ...[each.deaths, each.news, each.departures, each.arrivals].map((spreads) =>
            cell(spreads, ({ last }) => last),
          ),
          each.falseDeaths,
          each.cpuPercent,
          each.sentPerSecond,
        ],
      })),
  }))
}

/** What memberlist's documented defaults say for these sizes. */
export function documentedGrid(sizes: readonly number[]): Grid {
  return {
    title: "memberlist's documented LAN defaults, by its formulas: arithmetic, not measured",
    columns: [
      'detection s, expected',
      'suspicion s, least',
      '1 confirmation',
      'none',
      'retransmits',
      'push/pull s',
    ],
    rows: sizes.map((size) => {
      const figures = memberlistArithmetic(size)
      return {
        name: `${size} members`,
        cells: [
          figures.expectedDetection,
          figures.suspicionMin,
          suspicionAfter(1, figures),
          figures.suspicionMax,
          figures.retransmits,
          figures.pushPullPeriod,
        ],
      }
    }),
  }
}

/** What the targets judge, of our own defaults. */
export function judgedFigures(measured: readonly ClusterMeasurements[]): readonly Figure[] {
  const ours = measured.filter(({ contender }) => contender === 'atelier')
  const largest = ours.reduce<ClusterMeasurements | undefined>(
    (best, each) => (best && best.size > each.size ? best : each),
    undefined,
  )
  const deaths = ours.flatMap((each) => each.deaths.map(({ last }) => last))
  // Of none, not the least of all numbers: that would keep any promise.
  const slowest = deaths.length === 0 ? NaN : Math.max(...deaths)
  return [
    { name: 'death seen by all, the slowest', value: slowest, unit: 'ms' },
    {
      name: 'CPU of a member in the largest cluster',
      value: largest?.cpuPercent ?? NaN,
      unit: '%',
    },
    { name: 'sent by a member of it', value: largest?.sentPerSecond ?? NaN, unit: 'B/s' },
  ]
}

function cell(spreads: readonly Spread[], valueOf: (spread: Spread) => number): Cell | undefined {
  if (spreads.length === 0) return undefined
  const values = spreads.map(valueOf)
  return { p50: median(values), max: Math.max(...values) }
}
