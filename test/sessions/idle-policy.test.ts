import fc from 'fast-check'
import t from 'tap'
import { outlook, type IdleFacts, type IdleLimits } from '../../src/sessions/idle-policy.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const NOW = Date.parse('2026-11-23T12:00:00Z')
const LIMITS: IdleLimits = { idleAfter: 15 * MINUTE, stopIdleAfter: 8 * HOUR, maximumAge: 0 }

const facts = (changes: Partial<IdleFacts> = {}): IdleFacts => ({
  createdAt: NOW - 24 * HOUR,
  lastUsedAt: NOW - HOUR,
  lastBusyAt: null,
  mayBeBusy: false,
  keepUntil: null,
  watchedSince: NOW - 24 * HOUR,
  ...changes,
})

const cases: readonly [
  what: string,
  facts: Partial<IdleFacts>,
  limits: Partial<IdleLimits>,
  state: 'Active' | 'Idle',
  /** Hours from now. */
  stopsIn: number | null,
  stopsFor: 'idle' | 'age' | null,
][] = [
  ['used just now', { lastUsedAt: NOW }, {}, 'Active', 8, 'idle'],
  ['unused for an hour', {}, {}, 'Idle', 7, 'idle'],
  ['unused for 8 hours', { lastUsedAt: NOW - 8 * HOUR }, {}, 'Idle', 0, 'idle'],
  ['unused for longer', { lastUsedAt: NOW - 9 * HOUR }, {}, 'Idle', -1, 'idle'],
  ['unused, but never stopped', {}, { stopIdleAfter: 0 }, 'Idle', null, null],
  ['it computes', { mayBeBusy: true }, {}, 'Active', null, null],
  ['it computed until now', { lastBusyAt: NOW }, {}, 'Active', 8, 'idle'],
  ['it computed after its last use', { lastBusyAt: NOW - 0.5 * HOUR }, {}, 'Idle', 7.5, 'idle'],
  ['kept for 20 hours', { keepUntil: NOW + 20 * HOUR }, {}, 'Idle', 20, 'idle'],
  ['kept for less than the limit', { keepUntil: NOW + HOUR }, {}, 'Idle', 7, 'idle'],
  ['no longer kept', { keepUntil: NOW - HOUR }, {}, 'Idle', 7, 'idle'],
  ['too old', {}, { maximumAge: 24 * HOUR }, 'Idle', 0, 'age'],
  ['too old, and it computes', { mayBeBusy: true }, { maximumAge: 24 * HOUR }, 'Active', 0, 'age'],
  ['old soon', {}, { maximumAge: 25 * HOUR }, 'Idle', 1, 'age'],
  ['old later than unused', {}, { maximumAge: 48 * HOUR }, 'Idle', 7, 'idle'],
  [
    'too old, but kept',
    { keepUntil: NOW + HOUR, mayBeBusy: true },
    { maximumAge: 24 * HOUR },
    'Active',
    1,
    'age',
  ],
  [
    'nobody looked until now',
    { lastUsedAt: NOW - 9 * HOUR, watchedSince: NOW },
    {},
    'Idle',
    0.25,
    'idle',
  ],
  ['nobody looked, but there is time', { watchedSince: NOW }, {}, 'Idle', 7, 'idle'],
  [
    'a short limit has a short grace',
    { lastUsedAt: NOW - HOUR, watchedSince: NOW },
    { idleAfter: MINUTE, stopIdleAfter: 8 * MINUTE },
    'Idle',
    2 / 60,
    'idle',
  ],
  ['the clock was set back', { lastUsedAt: NOW + 100 * HOUR }, {}, 'Active', 8, 'idle'],
]

for (const [what, changes, limits, state, stopsIn, stopsFor] of cases) {
  t.strictSame(
    outlook(facts(changes), NOW, { ...LIMITS, ...limits }),
    { state, stopsAt: stopsIn === null ? null : NOW + stopsIn * HOUR, stopsFor },
    what,
  )
}

const moment = fc.integer({ min: NOW - 1000 * HOUR, max: NOW + 10 * HOUR })
const anyFacts = fc.record({
  createdAt: moment,
  lastUsedAt: moment,
  lastBusyAt: fc.option(moment),
  mayBeBusy: fc.boolean(),
  keepUntil: fc.option(fc.integer({ min: NOW - 100 * HOUR, max: NOW + 1000 * HOUR })),
  watchedSince: moment,
})
const anyLimits = fc.record({
  idleAfter: fc.integer({ min: 1, max: 100 * HOUR }),
  stopIdleAfter: fc.integer({ min: 0, max: 100 * HOUR }),
  maximumAge: fc.integer({ min: 0, max: 1000 * HOUR }),
})
const stopsAt = (...args: Parameters<typeof outlook>) => outlook(...args).stopsAt ?? Infinity

t.test('whatever is known', async (t) => {
  fc.assert(
    fc.property(anyFacts, anyLimits, (known, limits) => {
      const busy = outlook({ ...known, mayBeBusy: true }, NOW, limits)
      return busy.stopsFor !== 'idle' && busy.state === 'Active'
    }),
  )
  t.pass('one that may compute is not stopped for idleness')

  fc.assert(
    fc.property(anyFacts, anyLimits, fc.integer({ min: 1, max: HOUR }), (known, limits, more) => {
      return stopsAt({ ...known, keepUntil: NOW + more }, NOW, limits) >= NOW + more
    }),
  )
  t.pass('one that is to be kept is stopped for nothing')

  fc.assert(
    fc.property(
      anyFacts,
      anyLimits,
      fc.constantFrom('lastUsedAt', 'lastBusyAt', 'keepUntil', 'watchedSince', 'createdAt'),
      fc.integer({ min: 0, max: 100 * HOUR }),
      (known, limits, key, more) => {
        const later = { ...known, [key]: (known[key] ?? 0) + more }
        return stopsAt(later, NOW, limits) >= stopsAt(known, NOW, limits)
      },
    ),
  )
  t.pass('a later use, computation, wish or look never ends it earlier')

  fc.assert(
    fc.property(anyFacts, anyLimits, fc.integer({ min: 1, max: 1000 }), (known, limits, now) => {
      const { stopIdleAfter, maximumAge } = limits
      fc.pre(stopIdleAfter > 8 && maximumAge > 8)
      const least = Math.min(stopIdleAfter, maximumAge, 60 * MINUTE) / 4
      return stopsAt({ ...known, watchedSince: NOW + now }, NOW + now, limits) >= NOW + now + least
    }),
  )
  t.pass('right after a gap nothing is stopped')
})
