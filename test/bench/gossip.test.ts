import t from 'tap'
import { documentedGrid, judgedFigures, measuredGrids } from '../../bench/gossip/gossip-result.ts'
import type { ClusterMeasurements } from '../../bench/gossip/measurements.ts'
import { memberlistArithmetic, suspicionAfter } from '../../bench/gossip/memberlist-formulas.ts'
import { parseReport, type Sighting } from '../../bench/gossip/reports.ts'
import { falseDeaths, seesAlive, spreadOf } from '../../bench/gossip/sightings.ts'
import { jsonLines } from '../../bench/report/json-lines.ts'
import type { Result } from '../../bench/report/result.ts'
import { resultTable } from '../../bench/report/table.ts'
import { verdicts } from '../../bench/report/targets.ts'

const saw = (name: string, state: Sighting['state'], at: number): Sighting => ({
  type: 'saw',
  name,
  state,
  version: '0.1.0',
  at,
})
const measured = (changed: Partial<ClusterMeasurements> = {}): ClusterMeasurements => ({
  contender: 'atelier',
  size: 3,
  deaths: [
    { first: 2000, last: 2100 },
    { first: 3000, last: 3500 },
    { first: 2500, last: 2600 },
  ],
  news: [{ first: 10, last: 20 }],
  departures: [],
  arrivals: [{ first: 30, last: 40 }],
  cpuPercent: 1.5,
  sentPerSecond: 400,
  falseDeaths: 0,
  ...changed,
})
const resultOf = (clusters: readonly ClusterMeasurements[]): Result => ({
  benchmark: 'gossip',
  title: 'gossip',
  unit: 'members',
  series: [],
  figures: judgedFigures(clusters),
  grids: measuredGrids(clusters),
})

t.test(
  'news has spread when the last observer has it, and what was seen before is not it',
  async (t) => {
    const isGone = ({ name, state }: Sighting) => name === 'x' && state === 'gone'
    const one = [saw('x', 'gone', 90), saw('x', 'alive', 95), saw('x', 'gone', 130)]
    const two = [saw('y', 'gone', 110), saw('x', 'gone', 150), saw('x', 'gone', 170)]
    t.same(spreadOf([one, two], 100, isGone), { first: 30, last: 50 })
    t.equal(spreadOf([one, two, [saw('x', 'suspect', 120)]], 100, isGone), undefined)
    t.equal(spreadOf([], 100, isGone), undefined)
    t.same(spreadOf([[saw('x', 'gone', 100)]], 100.7, isGone), { first: 0, last: 0 })
  },
)

t.test('a member is seen alive if that is the last that was seen of it', async (t) => {
  const seen = [saw('x', 'alive', 1), saw('y', 'alive', 2), saw('x', 'suspect', 3)]
  t.notOk(seesAlive(seen, ['x', 'y']))
  t.ok(seesAlive(seen, ['y']))
  t.ok(seesAlive([...seen, saw('x', 'alive', 4)], ['x', 'y']))
  t.notOk(seesAlive(seen, ['y', 'z']), 'one that was never seen is not')
})

t.test('a false death is the death of one that lives, by each that believed it', async (t) => {
  const observers = [
    [saw('x', 'gone', 1), saw('dead', 'gone', 2)],
    [saw('x', 'gone', 1), saw('y', 'suspect', 2)],
  ]
  t.equal(falseDeaths(observers, ['x', 'y']), 2)
  t.equal(falseDeaths(observers, ['y']), 0)
})

t.test('a line that is no report is an error and not silence', async (t) => {
  t.same(parseReport('{"type":"meta","at":1.5}'), { type: 'meta', at: 1.5 })
  t.throws(() => parseReport('{"type":"other","at":1}'), /no report of a member/)
  t.throws(() => parseReport('{"type":"meta"}'), /no report of a member/)
  t.throws(() => parseReport('panic: no'))
})

t.test("memberlist's formulas give what its documentation says", async (t) => {
  const near = (value: number, expected: number, what: string) =>
    t.ok(Math.abs(value - expected) < 0.01, `${what}: ${value}, not ${expected}`)
  const cases = [
    { size: 3, confirmations: 0, least: 4, longest: 4, retransmits: 4, pushPull: 30 },
    { size: 4, confirmations: 2, least: 4, longest: 24, retransmits: 4, pushPull: 30 },
    { size: 10, confirmations: 2, least: 4, longest: 24, retransmits: 8, pushPull: 30 },
    { size: 32, confirmations: 2, least: 6.02, longest: 36.12, retransmits: 8, pushPull: 30 },
    { size: 50, confirmations: 2, least: 6.8, longest: 40.78, retransmits: 8, pushPull: 60 },
    { size: 100, confirmations: 2, least: 8, longest: 48, retransmits: 12, pushPull: 90 },
  ]
  for (const { size, confirmations, least, longest, retransmits, pushPull } of cases) {
    const figures = memberlistArithmetic(size)
    t.match(figures, { confirmations, retransmits, pushPullPeriod: pushPull }, `${size} members`)
    near(figures.suspicionMin, least, `least suspicion of ${size}`)
    near(figures.suspicionMax, longest, `longest suspicion of ${size}`)
    near(figures.expectedDetection, 1.582 + least, `detection of ${size}`)
    t.equal(suspicionAfter(0, figures), figures.suspicionMax)
    near(suspicionAfter(confirmations, figures), least, `confirmed suspicion of ${size}`)
  }
  near(suspicionAfter(1, memberlistArithmetic(10)), 24 - (Math.log(2) / Math.log(3)) * 20, 'one')
})

t.test('measurements become a grid for each size, as a table and as JSON lines', async (t) => {
  const result = resultOf([
    measured(),
    measured({ contender: 'memberlist' }),
    measured({ size: 50 }),
  ])
  t.match(
    result.grids?.map(({ title, rows }) => [title, rows.length]),
    [
      [/^3 members, measured/, 2],
      [/^50 members, measured/, 1],
    ],
  )
  const table = resultTable(result)
  t.match(table, /death: first +death: all +news: all +leave: all/)
  t.match(table, /atelier +2500\/3000 +2600\/3500 +20\/20 +- +40\/40 +0 +1\.5 +400\n/)
  const lines = jsonLines(result).trimEnd().split('\n')
  t.match(JSON.parse(lines.at(-1) ?? ''), {
    benchmark: 'gossip',
    grid: /^50 members/,
    contender: 'atelier',
    'death: all': { p50: 2600, max: 3500 },
    'sent B/s': 400,
  })
})

t.test('what memberlist documents is not to be taken for measured', async (t) => {
  const { title, rows } = documentedGrid([3, 50])
  t.match(title, /arithmetic, not measured/)
  t.match(rows, [{ name: '3 members' }, { name: '50 members' }])
})

t.test(
  'targets judge our own defaults: the slowest death, and the CPU of the largest cluster',
  async (t) => {
    const slow = [{ first: 4000, last: 5001 }]
    const judge = (...clusters: ClusterMeasurements[]) => verdicts([resultOf(clusters)])
    t.match(judge(measured(), measured({ size: 50, cpuPercent: 2 })), [
      { value: 3500, holds: true },
      { value: 2, holds: true },
    ])
    t.match(judge(measured({ deaths: slow }), measured({ size: 50, cpuPercent: 2.1 })), [
      { value: 5001, holds: false },
      { value: 2.1, holds: false },
    ])
    t.match(judge(measured(), measured({ contender: 'memberlist', size: 50, deaths: slow })), [
      { value: 3500, holds: true },
      { value: 1.5, holds: true },
    ])
    t.match(judge(measured({ contender: 'memberlist' })), [{ holds: false }, { holds: false }])
  },
)
