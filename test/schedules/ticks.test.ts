import fc from 'fast-check'
import t from 'tap'
import { latestTick, tickAfter, timingProblem } from '../../src/schedules/ticks.ts'

/** `count` ticks after a time, without the seconds where they are none. */
function ticks(cron: string, timeZone: string, after: string, count: number): string[] {
  const found: string[] = []
  let time = new Date(after)
  while (found.length < count) {
    const next = tickAfter({ cron, timeZone }, time)
    if (next === null) break
    found.push(next.toISOString().replace(':00.000Z', 'Z').replace('.000Z', 'Z'))
    time = next
  }
  return found
}

const BERLIN = 'Europe/Berlin'
const TABLE: readonly (readonly [
  says: string,
  cron: string,
  zone: string,
  after: string,
  expected: string[],
])[] = [
  [
    'a day has its tick by the clock of the zone',
    '30 6 * * *',
    'Asia/Kolkata',
    '2026-01-01T01:00:00Z',
    ['2026-01-02T01:00Z', '2026-01-03T01:00Z'],
  ],
  [
    'a tick just now is not the next one',
    '*/5 * * * *',
    'UTC',
    '2026-01-01T00:05:00Z',
    ['2026-01-01T00:10Z'],
  ],
  [
    'the sixth field is of seconds',
    '*/20 * * * * *',
    'UTC',
    '2026-01-01T00:00:01.5Z',
    ['2026-01-01T00:00:20Z', '2026-01-01T00:00:40Z', '2026-01-01T00:01Z'],
  ],
  [
    'weekdays are those of the zone',
    '0 0 * * MON',
    'Pacific/Auckland',
    '2026-06-01T00:00:00Z',
    ['2026-06-07T12:00Z', '2026-06-14T12:00Z'],
  ],
  [
    'a day of the month or a weekday: either will do, as in every cron',
    '0 0 13 * FRI',
    'UTC',
    '2026-11-09T00:00:00Z',
    ['2026-11-13T00:00Z', '2026-11-20T00:00Z', '2026-11-27T00:00Z', '2026-12-04T00:00Z'],
  ],
  [
    'the last day of the month',
    '0 12 L * *',
    'UTC',
    '2028-02-01T00:00:00Z',
    ['2028-02-29T12:00Z', '2028-03-31T12:00Z'],
  ],
  [
    'the 29th of February waits for its year',
    '0 0 29 2 *',
    'UTC',
    '2026-03-01T00:00:00Z',
    ['2028-02-29T00:00Z'],
  ],
  ['a day that does not exist never comes', '0 0 31 2 *', 'UTC', '2026-03-01T00:00:00Z', []],

  // Clocks go from 02:00 to 03:00 on 29 March 2026 (01:00Z).
  [
    'a time that does not exist comes at the end of the gap',
    '30 2 * * *',
    BERLIN,
    '2026-03-28T00:00:00Z',
    ['2026-03-28T01:30Z', '2026-03-29T01:00Z', '2026-03-30T00:30Z'],
  ],
  [
    'and with several times a day only the one in the gap is moved',
    '30 2,14 * * *',
    BERLIN,
    '2026-03-28T20:00:00Z',
    ['2026-03-29T01:00Z', '2026-03-29T12:30Z', '2026-03-30T00:30Z'],
  ],
  [
    'every hour is every hour',
    '0 * * * *',
    BERLIN,
    '2026-03-28T23:30:00Z',
    ['2026-03-29T00:00Z', '2026-03-29T01:00Z', '2026-03-29T02:00Z'],
  ],
  [
    'every half hour likewise',
    '*/30 * * * *',
    BERLIN,
    '2026-03-29T00:15:00Z',
    ['2026-03-29T00:30Z', '2026-03-29T01:00Z', '2026-03-29T01:30Z'],
  ],
  [
    'steps within the gap do not exist',
    '*/30 2 * * *',
    BERLIN,
    '2026-03-28T12:00:00Z',
    ['2026-03-30T00:00Z', '2026-03-30T00:30Z'],
  ],
  [
    'a gap at midnight moves the tick to its end',
    '30 0 * * *',
    'America/Santiago',
    '2026-09-05T12:00:00Z',
    ['2026-09-06T04:00Z', '2026-09-07T03:30Z'],
  ],
  [
    'a gap of half an hour likewise',
    '15 2 * * *',
    'Australia/Lord_Howe',
    '2026-10-03T00:00:00Z',
    ['2026-10-03T15:30Z', '2026-10-04T15:15Z'],
  ],

  // Clocks go from 03:00 to 02:00 on 25 October 2026 (01:00Z).
  [
    'a time that exists twice comes once, the first time',
    '30 2 * * *',
    BERLIN,
    '2026-10-24T12:00:00Z',
    ['2026-10-25T00:30Z', '2026-10-26T01:30Z'],
  ],
  [
    'and once also when one looks between the two',
    '30 2 * * *',
    BERLIN,
    '2026-10-25T01:00:00Z',
    ['2026-10-26T01:30Z'],
  ],
  [
    'a list of hours likewise',
    '30 1-3 * * *',
    BERLIN,
    '2026-10-24T22:00:00Z',
    ['2026-10-24T23:30Z', '2026-10-25T00:30Z', '2026-10-25T02:30Z'],
  ],
  [
    'every hour is every hour, of which that night has 25',
    '0 * * * *',
    BERLIN,
    '2026-10-24T23:30:00Z',
    ['2026-10-25T00:00Z', '2026-10-25T01:00Z', '2026-10-25T02:00Z'],
  ],
  [
    'steps come both times',
    '*/30 2 * * *',
    BERLIN,
    '2026-10-24T12:00:00Z',
    [
      '2026-10-25T00:00Z',
      '2026-10-25T00:30Z',
      '2026-10-25T01:00Z',
      '2026-10-25T01:30Z',
      '2026-10-26T01:00Z',
    ],
  ],
  [
    'clocks that are put back by half an hour',
    '45 1 * * *',
    'Australia/Lord_Howe',
    '2026-04-04T00:00:00Z',
    ['2026-04-04T14:45Z', '2026-04-05T15:15Z'],
  ],
]

for (const [says, cron, zone, after, expected] of TABLE) {
  t.test(`${says} (${cron}, ${zone})`, async (t) => {
    t.strictSame(ticks(cron, zone, after, Math.max(expected.length, 1)), expected)
  })
}

const anyTiming = fc.record({
  cron: fc.constantFrom(
    '*/7 * * * * *',
    '* * * * *',
    '*/30 2 * * *',
    '30 2 * * *',
    '30 2,14 * * *',
    '15 1-3 * * *',
    '0 0 1 * *',
    '0 12 L * *',
    '30 0 * * SUN',
  ),
  timeZone: fc.constantFrom(
    'UTC',
    BERLIN,
    'Australia/Lord_Howe',
    'America/Santiago',
    'Africa/Cairo',
  ),
})
const anyTime = fc
  .integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) })
  .map((ms) => new Date(ms))

t.test('ticks found forward and backward are the same ones', async (t) => {
  fc.assert(
    fc.property(anyTiming, anyTime, (timing, time) => {
      const next = tickAfter(timing, time)
      if (next === null || next <= time || next.getTime() % 1000 !== 0) return false
      const since = new Date(time.getTime() - 400 * 86_400_000)
      const latest = latestTick(timing, since, time)
      if (latest === undefined || latest > time) return false
      // Nothing is between them, and each leads to the other.
      return (
        tickAfter(timing, latest)?.getTime() === next.getTime() &&
        latestTick(timing, since, next)?.getTime() === next.getTime()
      )
    }),
    { numRuns: 500 },
  )
  t.pass()
})

t.test('a tick at the very time is the latest one; one at `since` is not', async (t) => {
  const hourly = { cron: '0 * * * *', timeZone: 'UTC' }
  const one = new Date('2026-01-01T01:00:00Z')
  const two = new Date('2026-01-01T02:00:00Z')
  t.strictSame(latestTick(hourly, one, two), two)
  t.equal(latestTick(hourly, one, new Date(two.getTime() - 1)), undefined)
  t.equal(latestTick(hourly, two, two), undefined)
})

const NOW = new Date('2026-05-05T05:05:05Z')

t.test('what is wrong with an expression or a zone is said', async (t) => {
  const problem = (cron: string, timeZone = 'UTC', shortest = 60) =>
    timingProblem({ cron, timeZone }, shortest, NOW)
  for (const good of [
    '* * * * *',
    '30 6 * * MON-FRI',
    '0 0 L * *',
    ' 0  0 1,15 * * ',
    '0 0 0 * * *',
  ])
    t.equal(problem(good), undefined, good)
  for (const zone of ['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires', 'Etc/GMT+3'])
    t.equal(problem('0 0 * * *', zone), undefined, zone)
  for (const zone of ['', 'Berlin', 'Mars/Base', '+02:00', 'Europe/Berlin; drop'])
    t.match(problem('0 0 * * *', zone), /^timeZone: /, zone)
  for (const bad of ['', '* * * *', '* * * * * * *', '@daily', '2026-01-01T00:00:00'])
    t.match(problem(bad), /^cron: write five fields/, bad)
  for (const bad of ['61 * * * *', '* 24 * * *', 'x * * * *', '*/0 * * * *', '5-1 * * * *'])
    t.match(problem(bad), /^cron: is not understood/, bad)
  t.match(problem('0 0 31 2 *'), /no such day/)
})

t.test('runs may not be closer to each other than is allowed', async (t) => {
  const problem = (cron: string, shortest: number) =>
    timingProblem({ cron, timeZone: 'UTC' }, shortest, NOW)
  for (const [cron, gap] of [
    ['* * * * *', 60],
    ['*/5 * * * *', 300],
    ['*/7 * * * *', 240],
    ['0,1 0 1 1 *', 60],
    ['*/10 * * * * *', 10],
    ['0,59 0,59 0,23 * * *', 1],
    ['0 0 * * *', 86_400],
  ] as const) {
    t.equal(problem(cron, gap), undefined, `${cron} has ${gap} s`)
    t.match(problem(cron, gap + 1), /seconds apart/, `${cron} has no more`)
  }
})
