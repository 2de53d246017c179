import t from 'tap'
import { choiceOf, cronOf, PRESETS, USUAL_CHOICE } from '../../../src/web/schedules/cron-choice.ts'
import { cronWords, formatInZone, readCron } from '../../../src/web/schedules/cron-reading.ts'

const NOW = Date.parse('2026-03-27T12:00:00Z')

t.test('a choice and its expression are the same', async (t) => {
  const choice = { ...USUAL_CHOICE, time: '07:05', weekday: 0, day: 31, cron: '*/5 9-17 * * *' }
  const crons = PRESETS.map((preset) => cronOf({ ...choice, preset }))
  t.same(crons, [
    '5 * * * *',
    '5 7 * * *',
    '5 7 * * 1-5',
    '5 7 * * 0',
    '5 7 31 * *',
    '*/5 9-17 * * *',
  ])
  for (const [n, cron] of crons.entries()) {
    t.match(choiceOf(cron), { preset: PRESETS[n] }, cron)
    t.equal(cronOf(choiceOf(cron)), cron)
  }
  for (const odd of ['5 7 * * MON', '61 * * * *', '* * * * *', '0 0 5 7 * *', 'x']) {
    t.match(choiceOf(odd), { preset: 'custom', cron: odd })
  }
  t.equal(cronOf({ ...choice, preset: 'daily', time: '' }), '', 'no time, no expression')
})

t.test('an expression is read in words and times, across a change of clocks', async (t) => {
  const reading = readCron('30 6 * * *', 'Europe/Berlin', NOW)
  t.equal(reading.words, 'At 06:30')
  t.same(
    reading.next.map((time) => time.toISOString()),
    [
      '2026-03-28T05:30:00.000Z',
      '2026-03-29T04:30:00.000Z',
      '2026-03-30T04:30:00.000Z',
      '2026-03-31T04:30:00.000Z',
      '2026-04-01T04:30:00.000Z',
    ],
  )
  t.match(formatInZone(new Date('2026-03-29T04:30:00Z'), 'Europe/Berlin'), /06:30/)
  t.equal(cronWords('0 9 * * 1-5'), 'At 09:00, Monday through Friday')
  t.equal(cronWords('rubbish'), 'rubbish')
})

t.test('what is wrong with an expression is told', async (t) => {
  t.match(readCron('* * *', 'UTC', NOW), { words: null, next: [], problem: /five fields/ })
  t.match(readCron('61 * * * *', 'UTC', NOW).problem, /not understood/)
  t.match(readCron('0 0 30 2 *', 'UTC', NOW).problem, /no such day/)
})
