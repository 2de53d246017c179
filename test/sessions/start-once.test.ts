import t from 'tap'
import type { SessionStore } from '../../src/sessions/session-store.ts'
import { PostgresSessionStore } from '../../src/postgres/session-store.ts'
import { database, migrated } from '../fixtures/database.ts'
import { sessionsOn } from '../fixtures/sessions-on.ts'

const server = await database(t)
const db = await migrated(t, server)
const store = new PostgresSessionStore({ database: db })
const wanted = { ide: 'vscode', name: null, python: null, r: null, profile: null } as const

const node = (changes: Partial<SessionStore> = {}) => sessionsOn(store, changes)

t.test('requests with one key start one session, also at once and on two nodes', async (t) => {
  const [one, other] = [node(), node()]
  const once = { key: 'race', fingerprint: 'f' }
  const requests = Array.from({ length: 20 }, (_, at) =>
    (at % 2 === 0 ? one : other).sessions.startSession('ann', wanted, once),
  )
  const answers = await Promise.all(requests)
  t.equal(new Set(answers.map((answer) => answer.session.id)).size, 1)
  t.equal(answers.filter((answer) => answer.replayed === false).length, 1)
  t.equal((await store.all()).filter(({ user }) => user === 'ann').length, 1)
  for (const { sessions } of [one, other]) t.equal(sessions.listSessions('ann').length, 1)
})

t.test('a key that was used for something else is refused, and is only its user’s', async (t) => {
  const { sessions } = node()
  const first = await sessions.startSession('bea', wanted, { key: 'one', fingerprint: 'f' })
  await t.rejects(sessions.startSession('bea', wanted, { key: 'one', fingerprint: 'g' }), {
    code: 'IDEMPOTENCY_KEY_REUSED',
  })
  const other = await sessions.startSession('cid', wanted, { key: 'one', fingerprint: 'g' })
  t.not(other.session.id, first.session.id)
  const without = await sessions.startSession('bea', wanted)
  t.not(without.session.id, first.session.id)
})

t.test('a start whose answer got lost is answered when it is repeated', async (t) => {
  const { sessions, locations } = node({
    insertOnce: async (session, once) => {
      await store.insertOnce(session, once)
      throw new Error('the connection is lost')
    },
  })
  const once = { key: 'lost', fingerprint: 'f' }
  await t.rejects(sessions.startSession('dan', wanted, once), /lost/)
  const again = await sessions.startSession('dan', wanted, once)
  t.match(again, { replayed: true, session: { desired: 'running' } })
  await sessions.takeBack(again.session)
  t.equal(locations.get(again.session.id)?.desired, 'running', 'it is not taken back any more')
})

t.test('one that is being taken back already does not count', async (t) => {
  let failing = true
  const { sessions, locations } = node({
    insertOnce: async (session, once) => {
      const inserted = await store.insertOnce(session, once)
      if (failing) throw new Error('the connection is lost')
      return inserted
    },
  })
  const once = { key: 'taken', fingerprint: 'f' }
  await t.rejects(sessions.startSession('eve', wanted, once), /lost/)
  const row = (await store.all()).find(({ user }) => user === 'eve')
  if (row === undefined) throw new Error('the row is missing')
  locations.apply([row])
  await sessions.takeBack(row)
  t.equal(locations.get(row.id)?.desired, 'killed')
  failing = false
  const again = await sessions.startSession('eve', wanted, once)
  t.match(again, { replayed: false, session: { desired: 'running' } })
  t.not(again.session.id, row.id)
})

t.test('a change is made only to the version that it was meant for', async (t) => {
  const { sessions } = node()
  const { session } = await sessions.startSession('fay', wanted)
  const never = () => false
  const only = ({ version }: { version: number }) => version === 1
  await t.rejects(sessions.renameSession('fay', session.id, { name: 'x' }, never), {
    code: 'PRECONDITION_FAILED',
  })
  await t.rejects(sessions.stopSession('fay', session.id, true, never), {
    code: 'PRECONDITION_FAILED',
  })
  const both = await Promise.allSettled([
    sessions.renameSession('fay', session.id, { name: 'one' }, only),
    sessions.renameSession('fay', session.id, { name: 'two' }, only),
  ])
  t.strictSame(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  t.equal(sessions.getSession('fay', session.id).version, 2)
})
