import t from 'tap'
import { timeAxis, valueAxis } from '../../../src/web/job/chart-axis.ts'
import { cpuWords, memoryWords, usagePoints } from '../../../src/web/job/usage-points.ts'

const MIB = 2 ** 20
const START = '2026-11-25T10:00:00.000Z'
const at = (seconds: number) => new Date(Date.parse(START) + seconds * 1000).toISOString()

t.test('samples are told by the time since the start, in order', async (t) => {
  const points = usagePoints(
    [
      { at: at(20), cpuPercent: 50, memoryBytes: 2 * MIB },
      { at: at(-1), cpuPercent: 0, memoryBytes: MIB },
    ],
    START,
  )
  t.strictSame(
    points.map(({ ms }) => ms),
    [0, 20_000],
  )
  t.equal(
    cpuWords(points, 2),
    'Processor: at the end 50 %, in the mean 25 %, at most 50 % of 200 %, over 20 s.',
  )
  t.equal(
    memoryWords(points, null),
    'Memory: at the end 2.0 MiB, in the mean 1.5 MiB, at most 2.0 MiB, over 20 s.',
  )
  t.equal(cpuWords([], null), null)
  t.equal(memoryWords([{ ms: 0, cpuPercent: 1, memoryBytes: null }], null), null)
})

t.test('an axis has round numbers, and the limit unless it is far away', async (t) => {
  const limited = valueAxis(150, 200, 10)
  t.strictSame(limited.ticks, [0, 100, 200])
  t.ok(limited.top > 200, 'there is room for the word beside its line')
  t.ok(valueAxis(500, 200, 10).top > 500)
  t.strictSame(valueAxis(37, 800, 10), { top: 40, ticks: [0, 20, 40] })
  t.strictSame(valueAxis(700 * MIB, null, 2), { top: 768 * MIB, ticks: [0, 384 * MIB, 768 * MIB] })
  t.strictSame(valueAxis(0, null, 10), { top: 1, ticks: [0] })
})

t.test('a time has few round numbers', async (t) => {
  const seconds = (ms: number) => timeAxis(ms).ticks.map((tick) => tick / 1000)
  t.strictSame(seconds(118_000), [0, 30, 60, 90])
  t.strictSame(seconds(500), [0])
  t.strictSame(seconds(3 * 3_600_000), [0, 3600, 7200, 10_800])
  for (const hours of [1, 7, 20, 100, 5000]) {
    t.ok(timeAxis(hours * 3_600_000).ticks.length <= 7, `${hours} hours`)
  }
})
