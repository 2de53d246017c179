import t from 'tap'
import { LatestTimes } from '../../src/sessions/latest-times.ts'

const HOUR = 60 * 60_000
const NOON = Date.parse('2026-01-01T12:00:00Z')

function timed(test: Pick<typeof t, 'intercept'>) {
  let now = NOON
  test.intercept(Date, 'now', { value: () => now })
  return { times: new LatestTimes(), set: (time: number) => void (now = time) }
}

t.test('the later of both times counts, if there is one', async (t) => {
  const { times, set } = timed(t)
  t.equal(times.latest('one', null), null)
  t.same(times.latest('one', new Date(NOON - HOUR)), new Date(NOON - HOUR))
  times.note('one')
  set(NOON + HOUR)
  t.same(times.latest('one', null), new Date(NOON))
  t.same(times.latest('one', new Date(NOON - HOUR)), new Date(NOON))
  t.same(times.latest('one', new Date(NOON + 1)), new Date(NOON + 1))
})

t.test('a time from a clock that was ahead is the time when that was seen', async (t) => {
  for (const isKnown of [false, true]) {
    const { times, set } = timed(t)
    const known = isKnown ? new Date(NOON + 24 * HOUR) : null
    set(NOON + 24 * HOUR)
    if (!isKnown) times.note('one')
    set(NOON)
    t.same(times.latest('one', known), new Date(NOON))
    set(NOON + HOUR)
    t.same(times.latest('one', known), new Date(NOON), 'and stays it')
    times.note('one')
    set(NOON + 2 * HOUR)
    t.same(times.latest('one', known), new Date(NOON + HOUR), 'a later use counts')
  }
})
