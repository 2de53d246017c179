import t from 'tap'
import { PostgresSessionStore } from '../../src/postgres/session-store.ts'
import type { NewSession, SessionChanges } from '../../src/sessions/session-store.ts'
import { IDE_NAMES } from '../../src/sessions/session.ts'
import { database, migrated } from '../fixtures/database.ts'
import { until } from '../fixtures/until.ts'

const server = await database(t)
const db = await migrated(t, server)
const store = new PostgresSessionStore({ database: db })
const newSession: NewSession = {
  id: '',
  user: 'ann',
  name: null,
  ide: 'vscode',
  python: null,
  r: null,
  profile: null,
  node: 'n1',
}

t.test('a new session starts, is desired running and has version 1', async (t) => {
  const session = await store.insert({
    ...newSession,
    id: 'new',
    name: 'My work',
    python: '/opt/python/3.12/bin/python3',
  })
  t.match(session, {
    id: 'new',
    user: 'ann',
    name: 'My work',
    ide: 'vscode',
    python: '/opt/python/3.12/bin/python3',
    r: null,
    node: 'n1',
    desired: 'running',
    state: 'Starting',
    reason: null,
    logTail: null,
    epoch: 1,
    version: 1,
    jobId: null,
    location: null,
  })
  t.same([session.stateAt, session.lastUsedAt], [session.createdAt, session.createdAt])
  t.ok(Math.abs(session.createdAt.getTime() - Date.now()) < 60_000)
  t.same(await store.some(['new', 'unknown']), [session])
  t.ok((await store.all()).some(({ id }) => id === 'new'))
  await t.rejects(store.insert({ ...newSession, id: 'new' }), { code: '23505' })
})

t.test('a session of each IDE can be stored', async (t) => {
  for (const ide of IDE_NAMES)
    t.equal((await store.insert({ ...newSession, id: ide, ide })).ide, ide)
})

t.test('a key starts one session of its user within a day, however often it is sent', async (t) => {
  const once = { key: 'k', fingerprint: 'f' }
  const attempts = Array.from({ length: 10 }, (_, index) =>
    store.insertOnce({ ...newSession, id: `once-${index}` }, once),
  )
  const inserted = (await Promise.all(attempts)).filter((each) => each !== undefined)
  t.equal(inserted.length, 1)
  const [first] = inserted
  t.same(await store.startedWith('ann', 'k'), { session: first, fingerprint: 'f' })
  t.equal(await store.startedWith('ann', 'other'), undefined)
  t.equal(await store.startedWith('bob', 'k'), undefined)
  t.ok(await store.insertOnce({ ...newSession, id: 'of-bob', user: 'bob' }, once))

  const day = "update atelier.sessions set created_at = now() - interval '24 hours' where id = $1"
  await db.query(day, [first?.id])
  t.equal(await store.startedWith('ann', 'k'), undefined, 'after a day it is forgotten')
  t.ok(await store.insertOnce({ ...newSession, id: 'next-day' }, { key: 'k', fingerprint: 'g' }))
  t.match(await store.startedWith('ann', 'k'), { session: { id: 'next-day' }, fingerprint: 'g' })
  await store.releaseKey('next-day')
  t.equal(await store.startedWith('ann', 'k'), undefined)
  t.match(await store.some(['next-day']), [{ version: 1 }], 'the session itself is as it was')
})

t.test('an update changes every column it names and no other', async (t) => {
  const before = await store.insert({ ...newSession, id: 'columns' })
  const changes: Required<SessionChanges> = {
    name: 'Named',
    desired: 'stopped',
    state: 'Failed',
    reason: 'It fell.',
    logTail: 'last words',
    node: 'n2',
    epoch: 2,
    jobId: 'job-1',
    location: { kind: 'address', host: '10.0.0.1', port: 80 },
    keepUntil: new Date('2026-11-24T18:00:00.123Z'),
    stopReason: 'Stopped after 8 hours without use.',
  }
  const after = await store.update('columns', 1, changes)
  t.match(after, { ...changes, version: 2, createdAt: before.createdAt })
  t.same(await store.some(['columns']), [after])
  const emptied = {
    name: null,
    reason: null,
    logTail: null,
    jobId: null,
    location: null,
    keepUntil: null,
  }
  t.match(await store.update('columns', 2, emptied), { ...emptied, state: 'Failed', version: 3 })
})

t.test('the time of a state begins when the state does', async (t) => {
  const { stateAt } = await store.insert({ ...newSession, id: 'times' })
  const same = await store.update('times', 1, { state: 'Starting', reason: 'still' })
  t.same(same?.stateAt, stateAt)
  const active = await store.update('times', 2, { state: 'Active' })
  t.ok(active && active.stateAt > stateAt)
})

t.test('of many updates and removals of one version exactly one wins', async (t) => {
  await store.insert({ ...newSession, id: 'race' })
  const names = Array.from({ length: 20 }, (_, index) => `name ${index}`)
  const answers = await Promise.all(names.map((name) => store.update('race', 1, { name })))
  const winners = answers.filter((answer) => answer !== undefined)
  t.equal(winners.length, 1)
  t.same(await store.some(['race']), winners)
  t.equal(await store.remove('race', 1), false, 'an old version removes nothing')
  const removals = await Promise.all([1, 2, 3].map(() => store.remove('race', 2)))
  t.same(removals.filter(Boolean), [true])
  t.equal(await store.update('race', 2, { name: 'late' }), undefined)
  t.same(await store.some(['race']), [])
})

/** Registers a node that takes sessions unless `condition`, an assignment of SQL, says otherwise. */
async function node(name: string, condition = 'draining = false'): Promise<void> {
  await db.query(
    `insert into atelier.nodes (name, installation, boot_id, url, version, lease_until)
     values ($1, 'i', 'b', 'http://x', '1', now() + interval '1 hour') on conflict do nothing`,
    [name],
  )
  await db.query(`update atelier.nodes set ${condition} where name = $1`, [name])
}

t.test('a node that is being drained or has left takes no session', async (t) => {
  await node('drained', 'draining = true')
  await node('left', 'left_at = now()')
  await node('open')
  const once = { key: 'drained', fingerprint: 'f' }
  for (const name of ['drained', 'left']) {
    const session = { ...newSession, id: `on-${name}`, node: name }
    await t.rejects(store.insert(session), { code: 'NO_NODE' }, name)
    await t.rejects(store.insertOnce(session, once), { code: 'NO_NODE' }, name)
    await store.insert({ ...newSession, id: `to-${name}` })
    await t.rejects(store.move(`to-${name}`, 1, name), { code: 'NO_NODE' }, name)
    t.match(await store.some([`on-${name}`, `to-${name}`]), [{ node: 'n1', version: 1, epoch: 1 }])
  }
  t.match(await store.insert({ ...newSession, id: 'on-open', node: 'open' }), { node: 'open' })
  await node('open', 'draining = true')
  t.match(
    await store.update('on-open', 1, { state: 'Active' }),
    { version: 2 },
    'and keeps its own',
  )
})

t.test(
  'a move starts the session on another node with the next epoch and nothing else',
  async (t) => {
    const { createdAt } = await store.insert({
      ...newSession,
      id: 'moved',
      name: 'Mine',
      profile: 'p',
    })
    await store.update('moved', 1, {
      desired: 'stopped',
      state: 'Lost',
      reason: 'Its server is lost.',
      logTail: 'last words',
      jobId: 'job-1',
      location: { kind: 'address', host: '10.0.0.1', port: 80 },
      stopReason: 'Too old.',
      keepUntil: new Date('2026-11-24T18:00:00Z'),
    })
    await db.query(
      `update atelier.sessions set last_used_at = now() - interval '9 hours',
       state_at = now() - interval '9 hours' where id = 'moved'`,
    )
    t.equal(await store.move('moved', 1, 'n2'), undefined, 'not from an old version')
    t.equal(await store.move('unknown', 1, 'n2'), undefined)
    const moves = await Promise.all(['n2', 'n3'].map((name) => store.move('moved', 2, name)))
    const [moved, ...others] = moves.filter((each) => each !== undefined)
    t.same(others, [], 'of several at once one wins')
    if (moved === undefined) throw new Error('it was not moved')
    t.match(moved, {
      name: 'Mine',
      profile: 'p',
      epoch: 2,
      version: 3,
      desired: 'running',
      state: 'Starting',
      reason: null,
      logTail: null,
      jobId: null,
      location: null,
      stopReason: null,
      createdAt,
      keepUntil: new Date('2026-11-24T18:00:00Z'),
    })
    t.same(moved.lastUsedAt, moved.stateAt, 'who starts it again uses it')
    t.ok(moved.stateAt >= createdAt)
    t.same(await store.some(['moved']), [moved])
  },
)

t.test('times of last use only move forward, without a new version', async (t) => {
  const ids = Array.from({ length: 30 }, (_, index) => `crowd-${index}`)
  for (const id of ['touch-1', 'touch-2', ...ids]) await store.insert({ ...newSession, id })
  await db.query("update atelier.sessions set last_used_at = now() - interval '1 hour'")
  const [first] = await store.some(['touch-1'])
  const [second] = await store.some(['touch-2'])
  if (first === undefined) throw new Error('the session is missing')
  const later = new Date(first.lastUsedAt.getTime() + 60_000)
  const earlier = new Date(0)
  await store.touch(
    new Map([
      ['touch-1', later],
      ['touch-2', earlier],
      ['unknown', later],
    ]),
  )
  await store.touch(new Map())
  const sessions = await store.some(['touch-1', 'touch-2'])
  t.strictSame(
    sessions.toSorted((a, b) => a.id.localeCompare(b.id)),
    [{ ...first, lastUsedAt: later }, second],
  )
  const rounds = Array.from({ length: 20 }, (_, round) => {
    const order = round % 2 === 0 ? ids : ids.toReversed()
    return store.touch(new Map(order.map((id) => [id, new Date(later.getTime() + round)])))
  })
  await Promise.all(rounds)
  const newest = new Date(later.getTime() + 19)
  for (const session of await store.some(ids)) t.same(session.lastUsedAt, newest)
})

t.test('a time of use from a clock that was ahead is not kept', async (t) => {
  const { createdAt } = await store.insert({ ...newSession, id: 'ahead' })
  const future = new Date(Date.now() + 24 * 60 * 60_000)
  const times = async () => {
    const [row] = await store.some(['ahead'])
    const [{ now } = { now: 0 }] = await db.query<{ now: Date }>('select clock_timestamp() as now')
    return { used: Number(row?.lastUsedAt), busy: Number(row?.lastBusyAt), now: Number(now) }
  }
  for (const what of ['used', 'busy'] as const) {
    await store.touch(new Map([['ahead', future]]), what)
    const after = await times()
    t.ok(after[what] >= createdAt.getTime() && after[what] <= after.now, what)
  }
  await db.query('update atelier.sessions set last_used_at = $2 where id = $1', ['ahead', future])
  await store.touch(new Map([['ahead', new Date()]]))
  const { used, now } = await times()
  t.ok(used <= now, 'and one that was kept is taken back')
})

t.test('text that Postgres cannot store does no harm', async (t) => {
  const strange = 'a\0b\uD800c\uDFFFd😀'
  const plain = 'a\uFFFDb\uFFFDc\uFFFDd😀'
  t.equal((await store.insert({ ...newSession, id: 'text', name: strange })).name, plain)
  const updated = await store.update('text', 1, {
    reason: strange,
    logTail: strange,
    location: { kind: 'socket', path: strange },
  })
  t.match(updated, { reason: plain, logTail: plain, location: { kind: 'socket', path: plain } })
  t.same(await store.some([strange, 'text\0']), [])
  t.equal(await store.update('text\0', 2, { name: 'x' }), undefined)
  t.equal(await store.remove('text\uD800', 2), false)
  await t.resolves(store.touch(new Map([['text\0', new Date()]])))
})

t.test(
  'each change sends one hint after it is visible; a hint that fails is nobody’s error',
  async (t) => {
    const sent: unknown[] = []
    const deaf = new PostgresSessionStore({
      database: {
        query: async (text, values) => {
          if (!text.includes('pg_notify')) return db.query(text, values)
          sent.push(JSON.parse(String(values?.[1])))
          throw new Error('no hints today')
        },
      },
    })
    await deaf.insert({ ...newSession, id: 'hinted' })
    await deaf.update('hinted', 1, { state: 'Active' })
    await deaf.update('hinted', 1, { state: 'Idle' })
    await deaf.touch(new Map([['hinted', new Date()]]))
    await deaf.move('hinted', 2, 'n2')
    await deaf.remove('hinted', 3)
    t.same(
      sent,
      [1, 2, 3, 3].map((version) => ({ kind: 'session', id: 'hinted', version })),
    )
  },
)

t.test('without a database every method says so, and works again with it', async (t) => {
  await store.insert({ ...newSession, id: 'kept' })
  await server.stop()
  const calls: (() => Promise<unknown>)[] = [
    () => store.all(),
    () => store.some(['kept']),
    () => store.insert({ ...newSession, id: 'lost' }),
    () => store.insertOnce({ ...newSession, id: 'lost' }, { key: 'k', fingerprint: 'f' }),
    () => store.startedWith('ann', 'k'),
    () => store.releaseKey('kept'),
    () => store.update('kept', 1, { name: 'lost' }),
    () => store.move('kept', 1, 'n2'),
    () => store.remove('kept', 1),
    () => store.touch(new Map([['kept', new Date()]])),
  ]
  for (const call of calls) {
    await t.rejects(
      call().then(() => undefined),
      { code: 'DATABASE_UNAVAILABLE' },
      call.toString(),
    )
  }
  await server.start()
  const [kept] = await until(() => store.some(['kept']))
  t.equal(kept?.version, 1)
})
