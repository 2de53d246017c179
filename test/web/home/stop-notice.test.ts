import t from 'tap'
import { formatLeft } from '../../../src/web/format/format-moment.ts'
import { keepChoices, toInput } from '../../../src/web/home/keep-choices.ts'
import { stopNotice } from '../../../src/web/home/stop-notice.ts'

const NOW = new Date(2026, 10, 23, 12).getTime()
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const at = (hours: number) => new Date(NOW + hours * HOUR).toISOString()

for (const [state, stopsIn, stopsFor, keptFor, text] of [
  ['Active', 8, 'idle', null, null],
  ['Active', 0.2, 'idle', null, 'Stops in 12 minutes, unused'],
  ['Idle', 7, 'idle', null, 'Stops in 7 hours, unused'],
  ['Active', 0.5, 'age', null, 'Stops in 30 minutes, its maximum age'],
  ['Idle', -0.1, 'idle', null, 'Stops in less than a minute, unused'],
  ['Idle', null, null, null, null],
  ['Idle', 7, 'idle', -1, 'Stops in 7 hours, unused'],
  ['Stopping', 0, 'idle', 1, null],
  ['Stopped', null, null, 1, null],
] as const) {
  const stopsAt = stopsIn === null ? null : at(stopsIn)
  const keepUntil = keptFor === null ? null : at(keptFor)
  const notice = stopNotice({ state, stopsAt, stopsFor, keepUntil }, NOW)
  t.equal(notice?.text ?? null, text, `${state}, ${stopsIn}, ${keptFor}`)
}

t.test('a kept session says so, and nothing of its end', async (t) => {
  const kept = { state: 'Active', stopsAt: at(1), stopsFor: 'age', keepUntil: at(1) } as const
  t.match(stopNotice(kept, NOW), { kind: 'kept', text: /^Kept until / })
})

t.test('the usual times are offered as far as they are allowed, each later', async (t) => {
  const labels = (now: number, hours: number) =>
    keepChoices(now, now + hours * HOUR).map(({ label }) => label)
  t.same(labels(NOW, 168), ['For 1 hour', 'Tonight', 'Tomorrow', 'For a week'])
  t.same(labels(NOW, 12), ['For 1 hour', 'Tonight'])
  t.same(labels(NOW, 0.5), [])
  const late = new Date(2026, 10, 23, 22, 30).getTime()
  t.same(labels(late, 168), ['For 1 hour', 'Tomorrow', 'For a week'], 'tonight is sooner than that')
  t.equal(toInput(new Date(2026, 0, 2, 3, 4).getTime()), '2026-01-02T03:04')
})

t.test('what is left, in words', async (t) => {
  for (const [ms, text] of [
    [MINUTE - 1, 'less than a minute'],
    [MINUTE, '1 minute'],
    [HOUR - 1, '59 minutes'],
    [HOUR, '1 hour'],
    [50 * HOUR, '2 days'],
  ] as const) {
    t.equal(formatLeft(ms), text)
  }
})
