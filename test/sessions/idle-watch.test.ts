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
  const ended = new Set<string>()
  const watch = new IdleWatch({
    activity,
    limits: { idleLimitsOf: () => LIMITS, times: [] },
    isLive: (id) => !ended.has(id),
    now: () => clock.now,
    elapsed: () => clock.elapsed,
  })
  const leap = (ms: number, elapsed = ms) => {
    clock.now += ms
    clock.elapsed += elapsed
  }
  const pass = (ms: number, elapsed = ms) => {
    leap(ms, elapsed)
    watch.look(15_000)
  }
  for (let looked = 0; looked < 24 * HOUR; looked += MINUTE) pass(MINUTE)
  const stopsIn = () => {
    const { stopsAt } = watch.outlook(unused)
    return stopsAt === null ? null : (stopsAt - clock.now) / MINUTE
  }
  return { activity, ended, watch, leap, pass, stopsIn }
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

t.test(
  'a gap spares sessions also before the next look, and counts from that look on',
  async (t) => {
    for (const [what, gap] of [
      ['the machine slept', ({ leap }) => leap(10 * HOUR, 1000)],
      ['the clock was set', ({ leap }) => leap(10 * HOUR, 5000)],
      ['the process stood still', ({ leap }) => leap(10 * MINUTE)],
    ] as [string, (parts: ReturnType<typeof watched>) => void][]) {
      const parts = watched()
      parts.watch.saw(unused.id, false)
      parts.leap(5000)
      t.ok((parts.stopsIn() ?? 1) <= 0, 'a few seconds are no gap')
      gap(parts)
      t.equal(parts.stopsIn(), 15, what)
      t.equal(parts.stopsIn(), 15, 'asking twice changes nothing')
      parts.pass(5000)
      t.equal(parts.stopsIn(), 15)
      parts.pass(MINUTE)
      t.equal(parts.stopsIn(), 14)
    }
  },
)

t.test('what is heard late of a session that has ended is not kept', async (t) => {
  const { activity, ended, watch, stopsIn } = watched()
  watch.saw(unused.id, false)
  ended.add(unused.id)
  watch.forget(unused.id)
  watch.saw(unused.id, false)
  t.equal(stopsIn(), null, 'as of one that it has never looked at')
  watch.saw(unused.id, true)
  t.equal(activity.lastBusy(unused), null)
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
