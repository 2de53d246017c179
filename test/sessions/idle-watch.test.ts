import t from 'tap'
import { Activity } from '../../src/sessions/activity.ts'
import { IdleWatch } from '../../src/sessions/idle-watch.ts'
import { formatDuration, stopSentence } from '../../src/sessions/stop-sentence.ts'
import { session } from '../fixtures/session.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const LIMITS = { idleAfter: 15 * MINUTE, stopIdleAfter: 8 * HOUR, maximumAge: 0 }
const START = Date.parse('2026-01-01T20:00:00Z')
/** Unused since eight hours before the start. */
const unused = session({ state: 'Idle' })

function watched() {
  const clock = { now: START - 24 * HOUR, elapsed: 0 }
  const activity = new Activity()
  const watch = new IdleWatch({
    activity,
    limits: () => LIMITS,
    now: () => clock.now,
    elapsed: () => clock.elapsed,
  })
  const pass = (ms: number, elapsed = ms) => {
    clock.now += ms
    clock.elapsed += elapsed
    watch.look(15_000)
  }
  for (let looked = 0; looked < 24 * HOUR; looked += MINUTE) pass(MINUTE)
  const stopsIn = () => {
    const { stopsAt } = watch.outlook(unused)
    return stopsAt === null ? null : (stopsAt - clock.now) / MINUTE
  }
  return { activity, watch, pass, stopsIn }
}

t.test('a session that was watched all the time is due when it is', async (t) => {
  const { watch, stopsIn } = watched()
  t.equal(stopsIn(), null, 'not before it was looked at')
  watch.saw(unused.id, false)
  t.equal(stopsIn(), 0)
})

t.test('time in which nobody could look ends no session at once', async (t) => {
  for (const [what, gap] of [
    ['the machine slept', ({ pass }) => pass(10 * HOUR, 1000)],
    ['the clock was set', ({ pass }) => pass(10 * HOUR, 15_000)],
    ['the process stood still', ({ pass }) => pass(10 * MINUTE)],
    ['the limits have changed', ({ watch }) => watch.restart()],
  ] as [string, (parts: ReturnType<typeof watched>) => void][]) {
    const parts = watched()
    parts.watch.saw(unused.id, false)
    gap(parts)
    t.equal(parts.stopsIn(), 15, what)
    for (let minute = 0; minute < 15; minute++) parts.pass(MINUTE)
    t.equal(parts.stopsIn(), 0, 'but it ends it in the end')
  }
})

t.test('nothing is due while Launcher or database are away, nor right after', async (t) => {
  const { watch, pass, stopsIn } = watched()
  watch.saw(unused.id, false)
  watch.blind()
  t.equal(stopsIn(), 15)
  pass(MINUTE)
  t.equal(stopsIn(), 15)
  pass(MINUTE)
  t.equal(stopsIn(), 14)
})

t.test(
  'one of which nobody can tell whether it computes is spared, but not for ever',
  async (t) => {
    const { activity, watch, pass, stopsIn } = watched()
    for (let minute = 0; minute < 60; minute++) {
      watch.saw(unused.id, undefined)
      t.equal(stopsIn(), null)
      pass(MINUTE)
    }
    t.equal(activity.lastBusy(unused), null, 'but that is no computing')
    watch.saw(unused.id, undefined)
    t.equal(stopsIn(), 15)
    watch.saw(unused.id, undefined)
    pass(MINUTE)
    t.equal(stopsIn(), 14)
  },
)

t.test('a moment without an answer is not idle, and resets nothing', async (t) => {
  const { watch, stopsIn, pass } = watched()
  watch.saw(unused.id, undefined)
  pass(MINUTE)
  watch.saw(unused.id, false)
  t.equal(stopsIn(), 15, 'it may have computed just now')
  watch.saw(unused.id, true)
  t.equal(stopsIn(), null)
  t.ok(watch.outlook({ ...unused, id: 'other' }))
})

t.test('the reason names the limit', async (t) => {
  t.equal(stopSentence('idle', LIMITS), 'Stopped after 8 hours without use.')
  const aged = { ...LIMITS, maximumAge: 24 * HOUR }
  t.equal(stopSentence('age', aged), 'Stopped at its maximum age of 24 hours.')
  for (const [ms, words] of [
    [10_000, '10 seconds'],
    [1, '1 second'],
    [90 * MINUTE, '1 hour 30 minutes'],
    [48 * HOUR, '2 days'],
    [75 * HOUR, '3 days 3 hours'],
  ] as const) {
    t.equal(formatDuration(ms), words)
  }
})
