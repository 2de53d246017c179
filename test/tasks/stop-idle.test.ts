import t from 'tap'
import type { Log } from '../../src/log.ts'
import { Activity } from '../../src/sessions/activity.ts'
import { BusySigns } from '../../src/sessions/busy-signs.ts'
import { IdleWatch } from '../../src/sessions/idle-watch.ts'
import { Locations } from '../../src/sessions/locations.ts'
import type { Session } from '../../src/sessions/session.ts'
import { StopIdle } from '../../src/tasks/stop-idle.ts'
import { session } from '../fixtures/session.ts'

const HOUR = 60 * 60_000
const { signal } = new AbortController()

/** A node whose clocks stood at nine hours ago when it last looked; its one session was used then. */
function stopping(limits: { stopIdleAfter: number; maximumAge: number }) {
  const started = new Date(Date.now() - 9 * HOUR)
  const unused = session({
    state: 'Idle',
    createdAt: started,
    lastUsedAt: started,
    location: { kind: 'socket', path: '/run/ide.sock' },
  })
  const clock = { now: started.getTime(), elapsed: 0 }
  const locations = new Locations()
  locations.apply([unused])
  const watch = new IdleWatch({
    activity: new Activity(),
    limits: { idleLimitsOf: () => ({ idleAfter: HOUR / 4, ...limits }), times: [] },
    isLive: () => true,
    now: () => clock.now,
    elapsed: () => clock.elapsed,
  })
  watch.look(15_000)
  watch.saw(unused.id, false)
  const stopped: string[] = []
  const seen = { isAway: false }
  const task = new StopIdle({
    node: unused.node,
    locations,
    watch,
    signs: new BusySigns({
      usage: { load: () => ({ cpuPercent: 0, terminalPrograms: 0 }) },
      jobs: { isBusy: () => Promise.resolve(false) },
    }),
    store: {
      some: () => Promise.resolve([unused]),
      update: (id, _version, changes): Promise<Session> => {
        stopped.push(id)
        return Promise.resolve({ ...unused, ...changes, version: unused.version + 1 })
      },
    },
    canSee: () => (seen.isAway ? Promise.reject(new Error('away')) : Promise.resolve()),
    log: { info: () => undefined } as unknown as Log,
  })
  const pass = (ms: number, elapsed = ms) => {
    clock.now += ms
    clock.elapsed += elapsed
  }
  const watched = () => {
    for (let minutes = 0; minutes < 9 * 60; minutes++) {
      pass(60_000)
      watch.look(15_000)
    }
  }
  return { task, watch, pass, watched, seen, stopped, id: unused.id }
}

for (const limits of [
  { stopIdleAfter: 8 * HOUR, maximumAge: 0 },
  { stopIdleAfter: 0, maximumAge: 8 * HOUR },
]) {
  const which = limits.maximumAge === 0 ? 'unused' : 'old'

  t.test(`an ${which} session that was watched all the time is stopped`, async (t) => {
    const { task, watched, stopped, id } = stopping(limits)
    watched()
    await task.activate(signal)
    t.same(stopped, [id])
  })

  t.test(`a leap of the clock stops no ${which} session before the next look`, async (t) => {
    const { task, pass, stopped } = stopping(limits)
    pass(9 * HOUR, 5000)
    await task.activate(signal)
    t.same(stopped, [])
  })

  t.test(`an outage that nobody has noticed yet spares an ${which} session`, async (t) => {
    const { task, watch, watched, seen, stopped } = stopping(limits)
    watched()
    seen.isAway = true
    await task.activate(signal)
    seen.isAway = false
    await task.activate(signal)
    watch.look(15_000)
    await task.activate(signal)
    t.same(stopped, [])
  })
}
