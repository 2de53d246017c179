import t from 'tap'
import { PostgresSessionStore } from '../../src/postgres/session-store.ts'
import type { Session } from '../../src/sessions/session.ts'
import type { SessionChanges } from '../../src/sessions/session-store.ts'
import { memberOf } from '../cluster/cluster-of.ts'
import { database, migrated } from '../fixtures/database.ts'
import { sessionsOn } from '../fixtures/sessions-on.ts'

const server = await database(t)
const db = await migrated(t, server)
const store = new PostgresSessionStore({ database: db })
const wanted = { ide: 'vscode', name: null, python: null, r: null, profile: null } as const
const [a, b, c] = [memberOf('a'), memberOf('b'), memberOf('c')]

/** Has the database know that node, and whether it is being drained. */
async function known(name: string, draining: boolean): Promise<void> {
  await db.query(
    `insert into atelier.nodes (name, installation, boot_id, url, version, draining, lease_until)
     values ($1, 'i', 'b', 'http://x', '1', $2, now() + interval '1 hour')
     on conflict (name) do update set draining = excluded.draining`,
    [name, draining],
  )
}

/** A session of that user on node `a` whose server was lost. */
async function lost(user: string, changes: SessionChanges = {}): Promise<Session> {
  const { session } = await sessionsOn(store, { members: [a] }).sessions.startSession(user, wanted)
  const row = await store.update(session.id, session.version, { state: 'Lost', ...changes })
  if (row === undefined) throw new Error('the session has changed')
  return row
}

t.afterEach(async () => void (await db.query('delete from atelier.nodes')))

t.test('starts spread over the nodes, also those at the same moment', async (t) => {
  const { sessions } = sessionsOn(store, { members: [a, b, c] })
  const all = await Promise.all(
    Array.from({ length: 9 }, () => sessions.startSession('ann', wanted)),
  )
  const nodes = all.map(({ session }) => session.node).toSorted()
  t.strictSame(nodes.join(''), 'aaabbbccc')
})

t.test('a node that is drained a moment before refuses, and the next one takes it', async (t) => {
  await known('a', true)
  const { sessions, locations } = sessionsOn(store, { members: [a, b] })
  const { session } = await sessions.startSession('bea', wanted)
  t.equal(session.node, 'b')
  await sessions.takeBack(session)
  t.equal(locations.get(session.id)?.desired, 'running', 'the refusal took nothing back')
  const once = { key: 'k', fingerprint: 'f' }
  const first = await sessions.startSession('bea', wanted, once)
  t.equal(first.session.node, 'b')
  await known('b', true)
  t.match(await sessions.startSession('bea', wanted, once), {
    replayed: true,
    session: { id: first.session.id },
  })
  await t.rejects(sessions.startSession('bea', wanted), { code: 'NO_NODE' })
  t.equal(sessions.listSessions('bea').length, 2, 'and nothing was written')
  t.equal((await store.all()).filter(({ user }) => user === 'bea').length, 2)
})

t.test('a lost session starts again on another node', async (t) => {
  const session = await lost('cid', { jobId: 'job-1', reason: 'Its server is lost.' })
  const { sessions, locations } = sessionsOn(store, { members: [a, b] })
  locations.apply([session])
  const moved = await sessions.restartSession('cid', session.id)
  const expected = { node: 'b', epoch: 2, state: 'Starting', jobId: null, reason: null }
  t.match(moved, { id: session.id, ...expected })
  t.equal(locations.get(session.id), moved)
  await t.rejects(sessions.restartSession('cid', session.id), { code: 'SESSION_NOT_LOST' })
})

t.test('on its own node only if no other takes it, and on none if none does', async (t) => {
  const session = await lost('dan')
  await known('b', true)
  await known('a', true)
  const { sessions, locations } = sessionsOn(store, { members: [a, b] })
  locations.apply([session])
  await t.rejects(sessions.restartSession('dan', session.id), { code: 'NO_NODE' })
  t.equal(sessions.getSession('dan', session.id).state, 'Lost')
  await known('a', false)
  t.match(await sessions.restartSession('dan', session.id), { node: 'a', epoch: 2 })
})

t.test('it is started again once, by its owner, in the version that was meant', async (t) => {
  const session = await lost('eve')
  const one = sessionsOn(store, { members: [b] })
  const nodes = [one, sessionsOn(store, { members: [c] })]
  for (const { locations } of nodes) locations.apply([session])
  await t.rejects(one.sessions.restartSession('ann', session.id), {
    code: 'SESSION_NOT_FOUND',
  })
  const never = one.sessions.restartSession('eve', session.id, () => false)
  await t.rejects(never, { code: 'PRECONDITION_FAILED' })
  const both = await Promise.allSettled(
    nodes.map(({ sessions }) => sessions.restartSession('eve', session.id)),
  )
  t.strictSame(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  const refused = both.find((each) => each.status === 'rejected')
  t.match(refused?.reason, { code: 'SESSION_NOT_LOST' })
  t.match(await store.some([session.id]), [{ epoch: 2, version: session.version + 1 }])
})

t.test('a node that has not heard of the loss yet starts it again too', async (t) => {
  const { sessions } = sessionsOn(store, { members: [b] })
  const { session } = await sessions.startSession('fay', wanted)
  await t.rejects(sessions.restartSession('fay', session.id), { code: 'SESSION_NOT_LOST' })
  await store.update(session.id, 1, { state: 'Lost' })
  t.match(await sessions.restartSession('fay', session.id), { state: 'Starting', epoch: 2 })
})

t.test('a lost session that is stopped or killed has ended, and can be removed', async (t) => {
  for (const [force, before] of [
    [false, 'running'],
    [true, 'running'],
    [false, 'stopped'],
    [true, 'killed'],
  ] as const) {
    const session = await lost('gus', {
      desired: before,
      stopReason: 'Stopped after 8 hours without use.',
      location: { kind: 'socket', path: '/run/ide.sock' },
    })
    const { sessions, locations } = sessionsOn(store, { members: [b] })
    locations.apply([session])
    t.match(await sessions.stopSession('gus', session.id, force), {
      state: 'Stopped',
      desired: force ? 'killed' : 'stopped',
      reason: 'Stopped by its owner while its server was lost.',
      stopReason: null,
      location: null,
    })
    await t.rejects(sessions.restartSession('gus', session.id), { code: 'SESSION_NOT_LOST' })
    t.equal(await sessions.stopSession('gus', session.id, force), undefined)
    t.same(await store.some([session.id]), [])
  }
})
