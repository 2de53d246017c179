import t from 'tap'
import { PostgresHistoryStore } from '../../src/postgres/history-store.ts'
import { PostgresLivingStore } from '../../src/postgres/living-store.ts'
import { PostgresNodeStore } from '../../src/postgres/node-store.ts'
import { PostgresSessionStore } from '../../src/postgres/session-store.ts'
import type { NewSession } from '../../src/sessions/session-store.ts'
import { database, migrated } from '../fixtures/database.ts'

const server = await database(t)
const db = await migrated(t, server)
const store = new PostgresSessionStore({ database: db })
const nodes = new PostgresNodeStore({ database: db })
const history = new PostgresHistoryStore({ database: db })
const living = new PostgresLivingStore({ database: db })

const start = (id: string, more: Partial<NewSession> = {}) =>
  store.insert({
    id,
    user: 'ann',
    name: `${id} of ann`,
    ide: 'vscode',
    python: null,
    r: null,
    profile: 'large',
    node: 'n1',
    ...more,
  })
const runsOf = async (id: string) =>
  (await history.list({ limit: 1000 })).map(({ entry }) => entry).filter((entry) => entry.id === id)

t.test('a session that ends is written down once, with when it could be used', async (t) => {
  await start('a')
  t.strictSame(await runsOf('a'), [], 'it lives')
  const active = await store.update('a', 1, { state: 'Active' })
  const idle = await store.update('a', 2, { state: 'Idle' })
  await store.update('a', 3, { state: 'Active' })
  t.strictSame(await runsOf('a'), [], 'it lives still')
  const ended = await store.update('a', 4, { state: 'Failed', reason: 'It broke.' })
  const [run, ...more] = await runsOf('a')
  t.strictSame(more, [])
  t.match(run, {
    kind: 'session',
    run: 'a.1',
    user: 'ann',
    name: 'a of ann',
    ide: 'vscode',
    jobKind: null,
    node: 'n1',
    profile: 'large',
    createdAt: active?.createdAt,
    startedAt: active?.stateAt,
    endedAt: ended?.stateAt,
    state: 'Failed',
    reason: 'It broke.',
    cpuSeconds: null,
    peakMemoryBytes: null,
  })
  t.ok(idle)
  await store.update('a', 5, { reason: 'Told again.' })
  t.equal(await store.remove('a', 6), true)
  t.match(await runsOf('a'), [{ state: 'Failed', reason: 'It broke.' }], 'also when it is removed')
})

t.test('one that never could be used has no start', async (t) => {
  await start('b')
  await store.update('b', 1, { state: 'Stopped', reason: 'Stopped by its owner.' })
  t.match(await runsOf('b'), [{ startedAt: null, state: 'Stopped' }])
})

t.test('one that is removed while it lives leaves a row too', async (t) => {
  await start('c')
  await db.query(`delete from atelier.sessions where id = 'c'`)
  t.match(await runsOf('c'), [{ state: 'Stopped', reason: 'It was removed.' }])
})

t.test('what was forgotten by age does not come back when the session is removed', async (t) => {
  await start('old')
  await store.update('old', 1, { state: 'Stopped' })
  await db.query(`update atelier.session_history set ended_at = now() - interval '31 days'
    where session = 'old'`)
  t.equal(await history.prune(30), 1)
  t.equal(await history.prune(30), 0)
  t.equal(await store.remove('old', 2), true)
  t.strictSame(await runsOf('old'), [])
})

t.test('a lost session is written down; if its server comes back it goes on', async (t) => {
  await start('d', { node: 'gone' })
  await store.update('d', 1, { state: 'Active' })
  t.match(await store.lose('gone'), [{ id: 'd', state: 'Lost' }])
  t.match(await runsOf('d'), [{ run: 'd.1', state: 'Lost' }])
  await store.update('d', 3, { state: 'Active', reason: null })
  t.strictSame(await runsOf('d'), [])
  await store.lose('gone')
  await store.update('d', 5, { state: 'Stopped', reason: 'Stopped by its owner.' })
  t.match(await runsOf('d'), [{ run: 'd.1', state: 'Stopped' }], 'one row, however it went')
})

t.test('each start elsewhere is a run of its own', async (t) => {
  await start('e', { node: 'gone' })
  await store.update('e', 1, { state: 'Active' })
  await store.lose('gone')
  const moved = await store.move('e', 3, 'n2')
  t.match(moved, { epoch: 2 })
  await store.update('e', 4, { state: 'Active' })
  await store.update('e', 5, { state: 'Stopped' })
  const [second, first, ...more] = await runsOf('e')
  t.strictSame(more, [])
  t.match(first, { run: 'e.1', node: 'gone', state: 'Lost' })
  t.match(second, { run: 'e.2', node: 'n2', state: 'Stopped' })
  t.ok((second?.createdAt ?? 0) > (first?.createdAt ?? 0), 'it begins when it was started again')
  t.ok((second?.startedAt ?? 0) >= (second?.createdAt ?? 0))
})

t.test('of many ends at once one is written down', async (t) => {
  await start('f')
  const ends = Array.from({ length: 20 }, () => store.update('f', 1, { state: 'Stopped' }))
  t.equal((await Promise.all(ends)).filter((row) => row !== undefined).length, 1)
  t.equal((await runsOf('f')).length, 1)
})

t.test('what a session used is written down with its end, and told after it too', async (t) => {
  await start('g')
  const use = {
    kind: 'session',
    id: 'g',
    epoch: 1,
    cpuPercent: 50,
    memoryBytes: 3e9,
    cpuSeconds: 7,
  } as const
  await living.note([use])
  await living.note([{ ...use, memoryBytes: 1e9, cpuSeconds: 9 }])
  await store.update('g', 1, { state: 'Stopped' })
  t.match(await runsOf('g'), [{ cpuSeconds: 9, peakMemoryBytes: 3e9 }])
  await living.note([{ ...use, cpuSeconds: 11 }])
  t.match(await runsOf('g'), [{ cpuSeconds: 11, peakMemoryBytes: 3e9 }])
})

t.test('sessions that had ended before there was a history are in it', async (t) => {
  const rows = await db.query<{ text: string }>(
    `select prosrc as text from pg_proc where proname = 'keep_session_history'`,
  )
  t.equal(rows.length, 1)
  await start('h')
  await db.query('alter table atelier.sessions disable trigger keep_session_history')
  await store.update('h', 1, { state: 'Failed', reason: 'Before.' })
  await db.query('alter table atelier.sessions enable trigger keep_session_history')
  t.strictSame(await runsOf('h'), [])
  // The last statement of the migration.
  await db.query(`select atelier.write_session_history(sessions, state, reason, state_at) from atelier.sessions
    where state in ('Stopped', 'Failed', 'Lost')`)
  t.match(await runsOf('h'), [{ state: 'Failed', reason: 'Before.' }])
})

t.test(
  'the history is listed page by page, by every filter, without a gap or a double',
  async (t) => {
    await db.query('delete from atelier.session_history')
    // Many end in the same microsecond.
    await db.query(`insert into atelier.session_history
      (id, session, epoch, user_name, ide, node, created_at, ended_at, state)
    select 's' || n || '.1', 's' || n, 1, 'u' || n % 3, case when n % 2 = 0 then 'rstudio' else 'vscode' end, 'n',
      now(), timestamptz '2026-01-01T00:00:00.123456Z' + n / 7 * interval '1 microsecond',
      case when n % 5 = 0 then 'Failed' else 'Stopped' end
    from generate_series(1, 100) as n`)
    await db.query(`insert into atelier.jobs (id, user_name, name, kind, node, state, ended_at)
    select 'j' || n, 'u' || n % 3, 'job', 'shell', 'n', case when n % 5 = 0 then 'Failed' else 'Finished' end,
      timestamptz '2026-01-01T00:00:00.123456Z' + n / 7 * interval '1 microsecond'
    from generate_series(1, 100) as n`)
    await db.query(`insert into atelier.jobs (id, user_name, name, kind, node, state)
    values ('living', 'u1', 'job', 'shell', 'n', 'Running')`)
    const all = async (query: Parameters<typeof history.list>[0]) => {
      const runs: string[] = []
      let after = query.after
      do {
        const page = await history.list({ ...query, after })
        runs.push(...page.map(({ entry }) => entry.run))
        after = page.length === query.limit ? page.at(-1)?.place : undefined
      } while (after !== undefined)
      return runs
    }
    const runs = await all({ limit: 7 })
    t.equal(runs.length, 200)
    t.equal(new Set(runs).size, 200)
    t.strictSame(await all({ limit: 1000 }), runs)
    t.equal((await all({ limit: 11, kind: 'job' })).length, 100)
    t.equal((await all({ limit: 11, kind: 'session', user: 'u1' })).length, 34)
    t.equal((await all({ limit: 11, ide: 'rstudio' })).length, 50)
    t.equal((await all({ limit: 11, ide: 'rstudio', kind: 'job' })).length, 0)
    t.equal((await all({ limit: 11, states: ['Failed'] })).length, 40)
    t.equal((await all({ limit: 11, states: ['Finished'], user: 'u2' })).length, 26)
    const cut = new Date('2026-01-01T00:00:00.124Z')
    t.equal((await all({ limit: 50, endedFrom: cut })).length, 0)
    t.equal((await all({ limit: 50, endedBefore: cut })).length, 200)
    t.strictSame(await all({ limit: 5, user: `u1' or true` }), [])
  },
)

t.test('what somebody used counts what ended since then, and what runs', async (t) => {
  await db.query('delete from atelier.session_history')
  await db.query('delete from atelier.sessions')
  await db.query('delete from atelier.jobs')
  await db.query('delete from atelier.session_history')
  const since = new Date(Date.now() - 3_600_000)
  await db.query(`insert into atelier.session_history
      (id, session, epoch, user_name, ide, node, created_at, active_at, ended_at, state, cpu_seconds)
    select 'x' || n, 'x' || n, 1, 'ann', 'vscode', 'n', now(), now() - n * interval '2 hours', now() - (n - 1) * interval '2 hours', 'Stopped', 10
    from generate_series(1, 3) as n`)
  await start('runs')
  await store.update('runs', 1, { state: 'Active' })
  await living.note([
    { kind: 'session', id: 'runs', epoch: 1, cpuPercent: 1, memoryBytes: 1, cpuSeconds: 5 },
  ])
  await db.query(`insert into atelier.jobs (id, user_name, name, kind, node, state, started_at, ended_at, cpu_seconds)
    values ('y', 'ann', 'job', 'r', 'n', 'Finished', now() - interval '60 seconds', now(), 3)`)
  const { session, job } = await history.use('ann', since)
  t.equal(session.count, 2)
  t.ok(Math.abs(session.seconds - 3600) < 30, 'only the part within the span')
  t.equal(session.cpuSeconds, 15)
  t.match(job, { count: 1, seconds: 60, cpuSeconds: 3 })
  t.match(await history.use('nobody', since), { session: { count: 0 }, job: { count: 0 } })
})

t.test('without a database it says so', async (t) => {
  await nodes.all()
  await server.stop()
  await t.rejects(history.list({ limit: 1 }), { code: 'DATABASE_UNAVAILABLE' })
  await t.rejects(history.use('ann', new Date()), { code: 'DATABASE_UNAVAILABLE' })
})
