import t from 'tap'
import { Locations } from '../../src/sessions/locations.ts'
import { session } from '../fixtures/session.ts'

t.test('late news of a session that is gone does not bring it back', async (t) => {
  const locations = new Locations()
  const told: string[] = []
  locations.on('changed', ({ id, version }) => void told.push(`${id} ${version}`))
  locations.on('removed', ({ id }) => void told.push(`${id} gone`))
  locations.apply([session({ id: 'a', version: 1 })])
  locations.remove('a')
  locations.apply([session({ id: 'a', version: 2 })])
  locations.remove('b')
  locations.apply([session({ id: 'b', version: 1 }), session({ id: 'c', version: 1 })])
  t.strictSame(told, ['a 1', 'a gone', 'c 1'])
  t.equal(locations.get('a'), undefined)
})

t.test('an older version than the known one changes nothing', async (t) => {
  const locations = new Locations()
  locations.apply([session({ version: 3, name: 'new' })])
  locations.apply([session({ version: 2, name: 'old' }), session({ version: 3, name: 'same' })])
  t.equal(locations.get('abc123abc123')?.name, 'new')
})
