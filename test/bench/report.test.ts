import t from 'tap'
import { jsonLines } from '../../bench/report/json-lines.ts'
import { middle, ratio, type Result, type Series } from '../../bench/report/result.ts'
import { columns, resultTable, short } from '../../bench/report/table.ts'
import { verdicts } from '../../bench/report/targets.ts'

const series = (contender: string, rates: readonly number[], cpu?: number): Series => ({
  contender,
  samples: rates.map((perSecond) => ({
    perSecond,
    ...(cpu !== undefined && { cpuMicroseconds: cpu }),
  })),
})
const result: Result = {
  benchmark: 'small-http',
  title: 'small-http: GET',
  unit: 'requests',
  series: [
    series('atelier', [3000, 1500, 2900], 60),
    series('configurable-http-proxy', [1000, 500, 1000], 120),
    series('nginx', [9000, 9000, 8700], 20),
    series('direct', [10_000, 10_000, 10_000]),
  ],
  figures: [],
}
const [ours, theirs, , direct] = result.series

t.test('ratios are taken within a round, so that a slow one hurts nobody', async (t) => {
  t.ok(ours && theirs && direct)
  if (!ours || !theirs || !direct) return
  t.equal(ratio(ours, theirs, 'perSecond'), 3)
  t.equal(ratio(ours, theirs, 'cpuMicroseconds'), 0.5)
  t.equal(ratio(ours, direct, 'cpuMicroseconds'), undefined)
  t.equal(ratio(ours, theirs, 'p50Ms'), undefined)
  t.equal(middle(ours, 'perSecond'), 2900)
})

t.test('a table has a row for each contender and says how we compare', async (t) => {
  const [title, head, ...rows] = resultTable(result).trimEnd().split('\n')
  t.equal(title, 'small-http: GET')
  t.match(head, /requests\/s +spread +MiB\/s +p50 ms +p99 ms +CPU µs +our rate +our CPU$/)
  t.equal(rows.length, 4)
  t.match(rows[0], /^ {2}atelier +2900 +±26 % +60$/)
  t.match(rows[1], /^ {2}configurable-http-proxy +1000 +±25 % +120 +3\.00x +0\.50x$/)
  t.match(rows[3], /^ {2}direct +10000 +±0 % +0\.29x$/)
})

t.test('JSON lines say the same to a program', async (t) => {
  const lines = jsonLines(result)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object)
  t.equal(lines.length, 4)
  t.match(lines[1], {
    benchmark: 'small-http',
    contender: 'configurable-http-proxy',
    rounds: 3,
    perSecond: 1000,
    ours: { perSecond: 3, cpuMicroseconds: 0.5 },
  })
  t.notHas(lines[0], 'ours')
})

t.test('targets are judged by the benchmarks that ran, and only by them', async (t) => {
  t.match(verdicts([result]), [
    { target: /2 times the rate of configurable/, value: 3, holds: true },
    { target: /4 times the CPU time of nginx/, value: 3, holds: true },
  ])
  t.same(verdicts([]), [])
  const start = (value: number): Result => ({
    ...result,
    benchmark: 'session-start',
    figures: [{ name: 'overhead, p50', value, unit: 'ms' }],
  })
  t.match(verdicts([start(149)]), [{ holds: true }])
  t.match(verdicts([start(150)]), [{ holds: false }])
  t.match(verdicts([{ ...start(1), figures: [] }]), [{ value: undefined, holds: false }])
})

t.test('numbers are short and columns line up', async (t) => {
  t.same([0.12345, 1234.5, 12.345, NaN].map(short), ['0.123', '1235', '12.3', '-'])
  t.same(
    columns([
      ['a', '1'],
      ['bcd', '100', '2'],
    ]),
    ['  a      1', '  bcd  100  2'],
  )
})
