import t from 'tap'
import type { SampleJson } from '../../../src/control/dashboard-json.ts'
import { SAMPLE_FIGURES } from '../../../src/history/cluster-sample.ts'
import {
  chartPoints,
  chartWords,
  drawnLines,
  highest,
} from '../../../src/web/admin/chart-points.ts'

const nothing = Object.fromEntries(SAMPLE_FIGURES.map((figure) => [figure, 0])) as Omit<
  SampleJson,
  'at'
>
const at = (minute: number) => Date.UTC(2026, 0, 1, 12, minute)
const sample = (minute: number, changes: Partial<SampleJson>): SampleJson => ({
  ...nothing,
  at: new Date(at(minute)).toISOString(),
  ...changes,
})
const series = {
  from: '',
  to: '',
  step: 60,
  items: [
    sample(0, { users: 1, nodes: 3 }),
    sample(1, { users: 4, nodes: 3 }),
    sample(5, { users: 1, nodes: 3 }),
  ],
}
const lines = [
  { label: 'Users', color: 'red', of: (one: SampleJson) => one.users },
  { label: 'Lost', color: 'red', of: (one: SampleJson) => one.jobsLost },
  { label: 'Nodes', color: 'red', of: (one: SampleJson) => one.nodes },
]

t.test('a time without samples is a gap and no line', (t) => {
  const points = chartPoints(series, lines)
  t.strictSame(points, [
    { ms: at(0), values: [1, 0, 3] },
    { ms: at(1), values: [4, 0, 3] },
    { ms: at(2), values: [null, null, null] },
    { ms: at(5), values: [1, 0, 3] },
  ])
  t.equal(highest(points), 7)
  t.strictSame(
    drawnLines(points, lines).map(({ label, index }) => [label, index]),
    [
      ['Users', 0],
      ['Nodes', 2],
    ],
  )
  t.strictSame(
    drawnLines([], lines).map(({ label }) => label),
    ['Users'],
  )
  t.end()
})

t.test('a chart is told in words', (t) => {
  const words = chartWords(
    chartPoints(series, lines),
    { lines, format: (value) => `${value}` },
    (ms) => new Date(ms).toISOString().slice(11, 16),
  )
  t.equal(
    words,
    'Users: 1 now, 4 at most (12:01), 2 on average. Lost: none. Nodes: 3 now, 3 at most (12:00), 3 on average.',
  )
  t.match(chartWords([], { lines, format: String }, String), /Users: nothing known\./)
  t.end()
})
