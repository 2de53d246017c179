import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { connectionConfig } from '../../src/postgres/connect.ts'
import { parseHint, sendHint, type Hint } from '../../src/postgres/hint.ts'
import { HintListener } from '../../src/postgres/hints.ts'
import { PostgresSessionStore } from '../../src/postgres/session-store.ts'
import type { NewSession } from '../../src/sessions/session-store.ts'
import { database, migrated } from '../fixtures/database.ts'
import { silent } from '../fixtures/silent-log.ts'
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
const listenerName = 'atelier hints'

t.test('a change is heard, also after the connection or the server was lost', async (t) => {
  const heard = listener(t, server.connection.host)
  await until(() => heard.resyncs === 1)
  await store.insert({ ...newSession, id: 'first' })
  await store.update('first', 1, { state: 'Active' })
  await store.touch(new Map([['first', new Date(Date.now() + 1000)]]))
  await store.remove('first', 2)
  await until(() => heard.ids.length >= 3)

  await db.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1',
    [listenerName],
  )
  await until(() => heard.resyncs === 2)
  await store.insert({ ...newSession, id: 'second' })
  await until(() => heard.ids.includes('second'))

  await server.stop()
  const stopped = Date.now()
  // Longer than pg-listen tries by default.
  await until(() => Date.now() - stopped > 4000)
  await server.start()
  await until(() => heard.resyncs === 3)
  await store.insert({ ...newSession, id: 'third' })
  await until(() => heard.ids.includes('third'))
  t.same(heard.ids, ['first', 'first', 'first', 'second', 'third'], 'a touch sends no hint')
})

t.test('a notification of somebody else does no harm', async (t) => {
  const heard = listener(t, server.connection.host)
  await until(() => heard.resyncs === 1)
  const garbage = ['', 'null', '{', '[]', '{"kind":"session"}', '{"kind":"x","id":"a","version":1}']
  for (const payload of garbage) {
    t.equal(parseHint(payload), undefined)
    await db.query('select pg_notify($1, $2)', ['atelier', payload])
  }
  await store.insert({ ...newSession, id: 'after-garbage' })
  await until(() => heard.ids.length > 0)
  t.same(heard.ids, ['after-garbage'])
})

t.test('a listener that starts before the database hears it later', async (t) => {
  await server.stop()
  const heard = listener(t, server.connection.host)
  await server.start()
  await until(() => heard.resyncs === 1)
  await store.insert({ ...newSession, id: 'early-bird' })
  await until(() => heard.ids.length > 0)
  t.same(heard.ids, ['early-bird'], 'and hears each hint once')
})

t.test('a connection that has gone silent is noticed', async (t) => {
  const proxy = await between(t)
  const heard = listener(t, proxy.host)
  await until(() => heard.resyncs === 1)
  proxy.freeze()
  await store.insert({ ...newSession, id: 'unheard' })
  await until(() => heard.resyncs === 2)
  t.same(heard.ids, [])
  await store.insert({ ...newSession, id: 'heard' })
  await until(() => heard.ids.length > 0)
  t.same(heard.ids, ['heard'])
})

t.test('a server that refuses to listen is asked again', async (t) => {
  const proxy = await between(t)
  proxy.spoilListen = true
  const heard = listener(t, proxy.host)
  await until(() => proxy.spoilt > 1)
  t.equal(heard.resyncs, 0)
  proxy.spoilListen = false
  await until(() => heard.resyncs > 0)
  await store.insert({ ...newSession, id: 'at-last' })
  await until(() => heard.ids.length > 0)
  t.same(heard.ids, ['at-last'])
})

t.test('after close nothing is heard and no connection is made', async (t) => {
  const heard = listener(t, server.connection.host)
  await until(() => heard.resyncs === 1)
  await heard.close()
  await until(async () => (await connections()) === 0)

  let attempts = 0
  const refuser = createServer((socket) => {
    attempts += 1
    socket.destroy()
  }).listen(0, '127.0.0.1')
  t.teardown(() => refuser.close())
  await until(() => refuser.listening)
  const { port } = refuser.address() as AddressInfo
  const trying = listener(t, '127.0.0.1', port)
  await until(() => attempts >= 3)
  await trying.close()
  const closed = Date.now()
  const before = attempts
  // Longer than the longest pause between two attempts.
  await until(() => Date.now() - closed > 2500)
  t.equal(attempts, before)
  t.equal(trying.resyncs, 0)
})

function listener(t: Test, host: string, port = 5432) {
  const config = connectionConfig({ ...server.connection, host, port }, listenerName)
  const hints = new HintListener({ config, log: silent })
  t.teardown(() => hints.close())
  const heard = {
    ids: [] as string[],
    resyncs: 0,
    nodes: [] as string[],
    tokens: [] as string[],
    tokenResyncs: 0,
    close: () => hints.close(),
  }
  hints.listen({
    session: {
      changed: (id) => void heard.ids.push(id),
      resync: () => void (heard.resyncs += 1),
    },
    'sign-out': { changed: () => undefined, resync: () => undefined },
    notice: { changed: () => undefined, resync: () => undefined },
    node: { changed: (name) => void heard.nodes.push(name), resync: () => undefined },
    token: {
      changed: (id) => void heard.tokens.push(id),
      resync: () => void (heard.tokenResyncs += 1),
    },
  })
  return heard
}

async function connections(): Promise<number> {
  const rows = await db.query('select 1 from pg_stat_activity where application_name = $1', [
    listenerName,
  ])
  return rows.length
}

/** A relay in front of the server whose connections can be frozen, and which can spoil the statement LISTEN. */
async function between(t: Test) {
  const host = await mkdtemp('/tmp/atelier-test-relay-')
  const sockets: Socket[] = []
  const state = { host, spoilListen: false, spoilt: 0, freeze }
  function freeze() {
    for (const socket of sockets.splice(0)) socket.unpipe().pause().removeAllListeners('data')
  }
  const relay = createServer((near) => {
    const far = connect(join(server.connection.host, '.s.PGSQL.5432'))
    sockets.push(near, far)
    for (const socket of [near, far]) {
      socket.on('error', () => {})
      t.teardown(() => socket.destroy())
    }
    near.on('data', (data) => {
      const text = data.toString('latin1')
      if (state.spoilListen && text.includes('LISTEN')) {
        state.spoilt += 1
        far.write(Buffer.from(text.replace('LISTEN', 'LISTEX'), 'latin1'))
      } else far.write(data)
    })
    near.on('end', () => far.end())
    far.pipe(near)
  })
  relay.listen(join(host, '.s.PGSQL.5432'))
  t.teardown(async () => {
    relay.close()
    await rm(host, { recursive: true, force: true })
  })
  await until(() => relay.listening)
  return state
}

t.test('a hint is read as it was sent, and nothing else is a hint', async () => {
  const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 })
  const hint: fc.Arbitrary<Hint> = fc.oneof(
    fc.record(
      { kind: fc.constant('session' as const), id, version: fc.integer({ min: 1 }) },
      { noNullPrototype: true },
    ),
    fc.record({ kind: fc.constant('token' as const), id }, { noNullPrototype: true }),
  )
  fc.assert(
    fc.property(hint, (sent) => {
      let payload = ''
      const query = async (_: string, values: readonly unknown[] = []) => {
        payload = String(values[1])
        return []
      }
      sendHint({ query }, sent)
      assert.deepEqual(parseHint(payload), sent)
      // Postgres refuses longer ones.
      assert.ok(Buffer.byteLength(payload) < 8000)
    }),
  )
  const field = fc.constantFrom(
    'session',
    'token',
    1,
    0,
    -1,
    1.5,
    'x',
    '',
    null,
    [],
    {},
    'x'.repeat(201),
  )
  const almost = fc.record({ kind: field, id: field, version: field }, { requiredKeys: [] })
  const junk = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    almost.map((each) => JSON.stringify(each)),
  )
  fc.assert(
    fc.property(junk, (payload) => {
      const read = parseHint(payload)
      if (read === undefined) return
      assert.ok(read.id.length > 0 && read.id.length <= 200)
      assert.ok(!('version' in read) || read.version > 0)
    }),
  )
})
