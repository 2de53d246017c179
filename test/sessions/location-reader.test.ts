import t from 'tap'
import { AtelierError } from '../../src/errors.ts'
import { LocationReader } from '../../src/sessions/location-reader.ts'
import { Locations } from '../../src/sessions/locations.ts'
import type { Session } from '../../src/sessions/session.ts'
import { session } from '../fixtures/session.ts'
import { silent } from '../fixtures/silent-log.ts'
import { until } from '../fixtures/until.ts'

/** A sessions table in memory that can be down. */
function table() {
  const rows = new Map<string, Session>()
  const state = { down: false, reads: 0 }
  const read = async (ids?: readonly string[]) => {
    state.reads++
    if (state.down) throw new AtelierError('DATABASE_UNAVAILABLE')
    return [...rows.values()].filter(({ id }) => ids?.includes(id) ?? true)
  }
  return { rows, state, store: { all: () => read(), some: read } }
}

t.test('older versions never replace newer ones', async (t) => {
  const locations = new Locations()
  locations.apply([session({ version: 3, state: 'Active' })])
  locations.apply([session({ version: 2, state: 'Starting' })])
  t.equal(locations.get(session().id)?.state, 'Active')
})

t.test('hints lead to one read, and a lost connection to reading everything', async (t) => {
  const { rows, state, store } = table()
  const locations = new Locations()
  const reader = new LocationReader({ store, locations, log: silent })
  t.teardown(() => reader.stop())

  rows.set('a', session({ id: 'a' }))
  for (let n = 0; n < 100; n++) reader.changed('a')
  await until(() => locations.get('a'))
  t.ok(state.reads <= 2, `100 hints caused ${state.reads} reads`)

  rows.clear()
  rows.set('b', session({ id: 'b' }))
  reader.resync()
  await until(() => locations.get('b') && !locations.get('a'))
})

t.test(
  'hints that come while the database is down are not lost, and the cache serves on',
  async (t) => {
    const { rows, state, store } = table()
    const locations = new Locations()
    const reader = new LocationReader({ store, locations, log: silent })
    t.teardown(() => reader.stop())
    locations.apply([session({ id: 'a' })])
    rows.set('a', session({ id: 'a', version: 2 }))
    state.down = true
    reader.changed('a')
    await until(() => state.reads > 0)
    t.equal(locations.get('a')?.version, 1)
    state.down = false
    await until(() => locations.get('a')?.version === 2)
  },
)
