import t from 'tap'
import { ServerClock } from '../../../src/web/api/server-clock.ts'

t.test('the clock follows the server, but not its rounding', async (t) => {
  const local = Date.parse('2026-01-01T12:00:00Z')
  const clock = new ServerClock({ localNow: () => local })
  t.equal(clock.now(), local)
  clock.observe('Thu, 01 Jan 2026 12:00:01 GMT')
  t.equal(clock.now(), local, 'a second is within the rounding')
  clock.observe('Thu, 01 Jan 2026 12:05:00 GMT')
  t.equal(clock.now(), local + 300_500)
  clock.observe(null)
  clock.observe('nonsense')
  t.equal(clock.now(), local + 300_500, 'what is no time is ignored')
})
