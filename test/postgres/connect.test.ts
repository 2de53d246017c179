import { createServer, type AddressInfo } from 'node:net'
import pg from 'pg'
import t from 'tap'
import { ConfigError } from '../../src/config.ts'
import type { Log } from '../../src/log.ts'
import { assertServerFits, connectDatabase, connectionConfig } from '../../src/postgres/connect.ts'
import { database } from '../fixtures/database.ts'
import { silent } from '../fixtures/silent-log.ts'
import { until } from '../fixtures/until.ts'

const applicationName = 'atelier test'
const server = await database(t)

t.test('while the server is away every query says so, and the same pool works again', async (t) => {
  const lines: unknown[] = []
  const log: Log = { ...silent, warn: (...line: unknown[]) => void lines.push(line) }
  const db = await connectDatabase({ source: server.url, applicationName, log })
  t.teardown(() => db.close())
  const [me] = await db.query<{ name: string }>(
    `select current_setting('application_name') as name`,
  )
  t.equal(me?.name, applicationName)
  const pending = t.rejects(db.query('select pg_sleep(60)'), { code: 'DATABASE_UNAVAILABLE' })
  await Promise.all([1, 2, 3].map(() => db.query('select pg_sleep(0.1)')))
  await server.stop()
  await pending
  await until(() => lines.length >= 2)
  await t.rejects(db.query('select 1'), { code: 'DATABASE_UNAVAILABLE', status: 503 })
  await t.rejects(connectDatabase({ source: server.connection, applicationName, log }), {
    code: 'DATABASE_UNAVAILABLE',
  })
  await server.start()
  t.same(await db.query('select 1 as one'), [{ one: 1 }])
  await server.kill()
  await t.rejects(db.query('select 1'), { code: 'DATABASE_UNAVAILABLE' })
  await server.start()
  t.same(await db.query('select 1 as one'), [{ one: 1 }])
  t.notMatch(JSON.stringify(lines), server.connection.password)
})

t.test('what the server answers reaches the caller', async (t) => {
  const db = await connectDatabase({ source: server.connection, applicationName, log: silent })
  t.teardown(() => db.close())
  await t.rejects(db.query('select nonsense'), { code: '42703' })
  await t.rejects(db.query(`do $$ begin raise sqlstate '53100'; end $$`), {
    code: 'DISK_FULL',
    status: 507,
  })
  await db.query('create table public.sessions ()')
  await t.rejects(
    db.query('select * from sessions'),
    { code: '42P01' },
    'nothing is taken from public',
  )
  const wrong = server.url.replace(server.connection.password, 'open-sesame')
  const refusal = await connectDatabase({ source: wrong, applicationName, log: silent }).then(
    () => new Error('let in'),
    (error: Error) => error,
  )
  t.match(refusal, { code: 'DATABASE_UNAVAILABLE', cause: { code: '28P01' } })
  t.notMatch(`${refusal.stack} ${(refusal.cause as Error).stack}`, 'open-sesame')
})

t.test('a server that accepts and is silent is unavailable', async (t) => {
  const sockets = new Set<{ destroy(): void }>()
  const silentServer = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    silentServer.close()
  })
  await new Promise((resolve) => silentServer.once('listening', resolve))
  const { port } = silentServer.address() as AddressInfo
  await t.rejects(
    connectDatabase({
      source: `postgres://me:secret@127.0.0.1:${port}/x`,
      applicationName,
      log: silent,
    }),
    { code: 'DATABASE_UNAVAILABLE' },
  )
})

t.test('a server that will not do is refused with all its faults', async (t) => {
  t.doesNotThrow(() => assertServerFits({ version: 140_000, encoding: 'UTF8', standby: false }))
  const faults = { version: 130_011, encoding: 'SQL_ASCII', standby: true }
  t.throws(() => assertServerFits(faults), /Postgres 13; Atelier needs 14.*SQL_ASCII.*standby/s)
})

t.test('a URL that is not understood is refused without being repeated', async (t) => {
  for (const url of [
    'db.example.org',
    'http://me:s3cret@h/x',
    'postgres://me:s3cret@h:99999999/x',
  ]) {
    try {
      connectionConfig(url, applicationName)
      t.fail(url)
    } catch (error) {
      t.ok(error instanceof ConfigError)
      t.notMatch((error as Error).stack ?? '', 's3cret')
    }
  }
})

t.test('the URL of the built-in server means its connection', async (t) => {
  const { connection, url } = server
  const { host, port, user, password, database: name } = new pg.Client(url)
  t.match({ ...connection }, { host, port, user, password, database: name })
})
