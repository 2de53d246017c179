import pg from 'pg'
import t from 'tap'
import { connectDatabase } from '../../src/postgres/connect.ts'
import { PostgresSessionStore } from '../../src/postgres/session-store.ts'
import type { NewSession } from '../../src/sessions/session-store.ts'
import { SESSION_STATES } from '../../src/sessions/session.ts'
import { database, migrated } from '../fixtures/database.ts'
import { sessionsOn } from '../fixtures/sessions-on.ts'
import { silent } from '../fixtures/silent-log.ts'
import { until } from '../fixtures/until.ts'

const server = await database(t)
const db = await migrated(t, server)
const source = server.connection
const otherDb = await connectDatabase({ source, applicationName: 'other', log: silent })
t.teardown(() => otherDb.close())
/** Of two nodes, each with its own connections. */
const stores = [db, otherDb].map((each) => new PostgresSessionStore({ database: each }))
const store = oneOf(stores, 0)

function oneOf<T>(both: readonly T[], at: number): T {
  const [one] = both.slice(at % both.length)
  if (one === undefined) throw new Error('there are two')
  return one
}

const wanted = { ide: 'vscode', name: null, python: null, r: null, profile: null } as const
const newSession: NewSession = { ...wanted, id: '', user: 'ann', node: 'n1' }
const reached = (used: number, most: number) => ({
  code: 'LIMIT_REACHED',
  message: `You have ${used} of ${most} sessions; stop one first.`,
})
const count = async (of: string) => (await store.all()).filter(({ user }) => user === of).length

t.test('of many starts at once on two nodes no more get in than may be', async (t) => {
  for (const most of [1, 3, 7]) {
    const user = `race-${most}`
    const starts = Array.from({ length: 20 }, (_, at) =>
      oneOf(stores, at).insert({ ...newSession, id: `${user}-${at}`, user }, most),
    )
    const ended = await Promise.allSettled(starts)
    const refused = ended.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    t.equal(await count(user), most)
    t.equal(refused.length, 20 - most)
    for (const reason of refused) t.match(reason, { code: 'LIMIT_REACHED' })
  }
})

t.test(
  'a start waits for one of the same user that is not committed yet, and no other',
  async (t) => {
    const client = new pg.Client(db.config)
    await client.connect()
    t.teardown(() => client.end())
    await client.query('begin')
    await client.query("select atelier.count_sessions('slow')")
    await client.query(
      "insert into atelier.sessions (id, user_name, ide, node) values ('slow-1', 'slow', 'vscode', 'n1')",
    )
    t.match(await store.insert({ ...newSession, id: 'quick', user: 'quick' }, 1), { id: 'quick' })
    let isRefused = false
    const waiting = store
      .insert({ ...newSession, id: 'slow-2', user: 'slow' }, 1)
      .catch((error: unknown) => ((isRefused = true), error))
    const held = "select 1 from pg_locks where locktype = 'advisory' and not granted"
    await until(async () => (await client.query(held)).rowCount === 1 || undefined)
    t.equal(isRefused, false)
    await client.query('commit')
    t.match(await waiting, { code: 'LIMIT_REACHED' })
    t.equal(await count('slow'), 1)
  },
)

t.test('what has not ended counts, and nobody else’s', async (t) => {
  const user = 'states'
  await store.insert({ ...newSession, id: 'anothers', user: 'another' })
  for (const state of SESSION_STATES) {
    await store.insert({ ...newSession, id: `is-${state}`, user })
    await store.update(`is-${state}`, 1, { state })
  }
  await t.rejects(store.insert({ ...newSession, id: 'more', user }, 5), reached(5, 5))
  await t.rejects(store.insert({ ...newSession, id: 'more', user }, 2), reached(5, 2))
  await store.update('is-Active', 2, { state: 'Stopped' })
  t.match(await store.insert({ ...newSession, id: 'more', user }, 5), { id: 'more' })
  t.match(await store.insert({ ...newSession, id: 'any', user }, null), { id: 'any' })
  await t.rejects(store.insert({ ...newSession, id: 'no', user: 'none' }, 0), {
    code: 'LIMIT_REACHED',
    message: /allows you no sessions/,
  })
})

t.test(
  'a repeated start is answered with its session although that has used up the limit',
  async (t) => {
    const once = { key: 'k', fingerprint: 'f' }
    const nodes = stores.map((each) => sessionsOn(each, { most: 1 }).sessions)
    const starts = Array.from({ length: 10 }, (_, at) =>
      oneOf(nodes, at).startSession('rep', wanted, once),
    )
    const ids = (await Promise.all(starts)).map((each) => each.session.id)
    t.equal(new Set(ids).size, 1)
    const another = oneOf(nodes, 0).startSession('rep', wanted, { key: 'l', fingerprint: 'f' })
    await t.rejects(
      another.then(() => undefined),
      {
        message: 'You have 1 of 1 session; stop one first.',
      },
    )
    t.equal(await count('rep'), 1)
  },
)

t.test('a drained node is told before a limit, as the session may start elsewhere', async (t) => {
  await db.query(
    `insert into atelier.nodes (name, installation, boot_id, url, version, lease_until, draining)
     values ('drained', 'i', 'b', 'http://x', '1', now() + interval '1 hour', true)`,
  )
  const session = { ...newSession, id: 'drained', user: 'dra', node: 'drained' }
  await t.rejects(store.insert(session, 0), { code: 'NO_NODE' })
})

t.test('a session keeps what it was granted', async (t) => {
  const limits = { cpus: 0.5, memoryBytes: 2 ** 40, processes: 99, openFiles: null, nice: 5 }
  t.same((await store.insert({ ...newSession, id: 'granted', limits })).limits, limits)
  t.same((await store.update('granted', 1, { state: 'Active' }))?.limits, limits)
  t.equal((await store.insert({ ...newSession, id: 'as before' })).limits, null)
})
