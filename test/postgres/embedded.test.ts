import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import pg from 'pg'
import t, { type Test } from 'tap'
import { EmbeddedPostgres } from '../../src/postgres/embedded.ts'
import { commandAs } from '../../src/postgres/server-account.ts'
import type { LocalConnection } from '../../src/postgres/server-answer.ts'
import { spawnServer } from '../../src/postgres/server-process.ts'
import { databaseDirectory, heldOpen, testAccount } from '../fixtures/database.ts'
import { silent } from '../fixtures/silent-log.ts'
import { until } from '../fixtures/until.ts'

const account = await testAccount()
/** Making a database takes longest, so tests that do not need a new one share this. */
const shared = await databaseDirectory(t)
const starter = fileURLToPath(new URL('../fixtures/start-postgres.ts', import.meta.url))

t.test('rows survive a stop and a start', async (t) => {
  const server = newServer(t, shared)
  const first = await server.start()
  await write(first.connection, 'before')
  await server.stop()
  t.notOk(alive(first.pid))
  const second = await server.start()
  t.same(await read(second.connection), ['before'])
  t.equal(await server.start(), second, 'a second start answers the running server')
})

t.test('the server is unprivileged and open to nobody else', async (t) => {
  const server = newServer(t, shared)
  const { connection, pid, url } = await server.start()
  const uid = account?.uid ?? process.getuid?.()
  t.match(
    await readFile(`/proc/${pid}/status`, 'utf8'),
    new RegExp(`^Uid:\\t${uid}\\t${uid}\\t`, 'm'),
  )
  for (const path of [shared, join(shared, 'socket'), join(shared, 'password')]) {
    t.equal((await stat(path)).mode & 0o077, 0, `${path} is private`)
  }
  const wrong = new pg.Client({ ...connection, password: 'guess' })
  await t.rejects(wrong.connect(), { code: '28P01' })
  const client = new pg.Client(url)
  await client.connect()
  const settings = await client.query(
    `select current_setting('listen_addresses') as tcp, current_setting('server_encoding') as encoding,
            current_setting('fsync') as fsync`,
  )
  t.same(settings.rows, [{ tcp: '', encoding: 'UTF8', fsync: 'on' }])
  await client.end()
})

t.test(
  'a server whose Atelier was killed is adopted, and refused while that one lives',
  async (t) => {
    const directory = await databaseDirectory(t)
    const child = startChild(t, directory)
    const pid = Number(await heldOpen(once(child.stdout, 'data').then(String)))
    const server = newServer(t, directory)
    await t.rejects(server.start(), new RegExp(`Another Atelier \\(process ${child.pid}\\)`))
    t.ok(alive(pid), 'the refused one has stopped nothing')
    child.kill('SIGKILL')
    await once(child, 'exit')
    const adopted = await server.start()
    t.equal(adopted.pid, pid)
    await write(adopted.connection, 'adopted')
    t.same(await read(adopted.connection), ['adopted'])
    process.kill(pid, 'SIGKILL')
    await heldOpen(adopted.exited)
    t.same(await read((await server.start()).connection), ['adopted'], 'its end is noticed too')
  },
)

t.test('after a kill -9 of the server itself the next start recovers every row', async (t) => {
  const server = newServer(t, shared)
  const first = await server.start()
  await write(first.connection, 'committed')
  const busy = new pg.Client(first.connection)
  busy.on('error', () => {})
  await busy.connect()
  const [{ pid: backend }] = (await busy.query('select pg_backend_pid() as pid')).rows
  const sleeping = t.rejects(busy.query('select pg_sleep(60)'))
  // It cannot notice that its postmaster is gone, and so holds the shared memory.
  process.kill(backend, 'SIGSTOP')
  process.kill(first.pid, 'SIGKILL')
  await heldOpen(first.exited)
  const second = await server.start()
  t.not(second.pid, first.pid)
  t.same(await read(second.connection), ['committed'])
  await sleeping
})

t.test('a first start that was killed half-way is done again', async (t) => {
  const directory = await databaseDirectory(t)
  const child = startChild(t, directory)
  await until(async () => (await attempts(directory)).length > 0)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await mkdir(join(directory, 'data.new-old'))
  await writeFile(join(directory, 'data.new-old', 'PG_VERSION'), '18\n')
  const server = newServer(t, directory)
  const { connection } = await server.start()
  await write(connection, 'made')
  t.same(await read(connection), ['made'])
  t.same(await attempts(directory), [])
})

t.test('a server with other settings is stopped in order and replaced', async (t) => {
  const server = newServer(t, shared)
  const first = await server.start()
  await write(first.connection, 'kept')
  const argv = (await readFile(`/proc/${first.pid}/cmdline`, 'utf8')).split('\0').slice(0, -1)
  await server.stop()
  const other = await spawnServer({
    argv: [...argv, '-c', 'max_connections=20'],
    log: join(shared, 'postgres.log'),
    account,
  })
  await until(() => canConnect(first.connection))
  const second = await server.start()
  t.not(second.pid, other.pid)
  t.notOk(alive(other.pid))
  t.same(await read(second.connection), ['kept'])
})

t.test(
  'a lock file whose pid now belongs to another program does not prevent a start',
  async (t) => {
    const server = newServer(t, shared)
    const first = await server.start()
    const pidFile = await readFile(join(shared, 'data', 'postmaster.pid'), 'utf8')
    await server.stop()
    const { file, args } = commandAs(account, 'sleep', ['60'])
    const stranger = spawn(file, args)
    t.teardown(() => stranger.kill())
    await until(async () => (await readFile(`/proc/${stranger.pid}/comm`, 'utf8')) === 'sleep\n')
    const stale = pidFile.replace(String(first.pid), String(stranger.pid))
    await writeFile(join(shared, 'data', 'postmaster.pid'), stale)
    await writeFile(join(shared, 'socket', '.s.PGSQL.5432.lock'), stale)
    const second = await server.start()
    await write(second.connection, 'started')
    t.ok(alive(stranger.pid ?? 0), 'the other program is left in peace')
  },
)

t.test('an aborted start leaves no server behind', async (t) => {
  const controller = new AbortController()
  const abort = () => controller.abort(new Error('changed my mind'))
  const server = new EmbeddedPostgres({
    directory: shared,
    log: { ...silent, warn: abort },
    account,
  })
  t.teardown(() => server.stop())
  const { pid, exited } = await server.start()
  process.kill(pid, 'SIGKILL')
  await heldOpen(exited)
  // It warns of the recovery just before it makes the server's process.
  await t.rejects(server.start(controller.signal), /changed my mind/)
  const { stdout } = await execa('pgrep', ['-f', '--', `-D ${shared}`], { reject: false })
  t.equal(stdout, '', 'no server runs')
  await t.resolves(server.start())
})

t.test('what prevents a start is said', async (t) => {
  await t.rejects(
    new EmbeddedPostgres({
      directory: join(shared, 'x'.repeat(80)),
      log: silent,
      account,
    }).start(),
    /Choose a shorter data\.directory/,
  )
  if (account) {
    const rootly = new EmbeddedPostgres({ directory: shared, log: silent })
    await t.rejects(rootly.start(), /needs an account/)
  }
  const server = newServer(t, shared)
  await server.start()
  await server.stop()
  await writeFile(join(shared, 'data', 'postgresql.auto.conf'), 'no such setting\n')
  await t.rejects(server.start(), /Postgres does not start: .*postgresql\.auto\.conf/s)
  await writeFile(join(shared, 'data', 'PG_VERSION'), '12\n')
  await t.rejects(server.start(), /made by Postgres 12/)
})

function newServer(t: Test, directory: string): EmbeddedPostgres {
  const server = new EmbeddedPostgres({ directory, log: silent, account })
  t.teardown(() => server.stop())
  return server
}

function startChild(t: Test, directory: string) {
  const child = spawn(process.execPath, [...process.execArgv, starter, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

async function attempts(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => [])
  return names.filter((name) => name.startsWith('data.new'))
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function canConnect(connection: LocalConnection): Promise<boolean> {
  return query(connection, 'select 1').then(
    () => true,
    () => false,
  )
}

async function write(connection: LocalConnection, word: string): Promise<void> {
  await query(connection, 'drop table if exists words')
  await query(connection, 'create table words (word text)')
  await query(connection, 'insert into words values ($1)', [word])
}

async function read(connection: LocalConnection): Promise<unknown[]> {
  return (await query(connection, 'select word from words')).map((row) => row['word'])
}

async function query(
  connection: LocalConnection,
  text: string,
  values: string[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(connection)
  try {
    await client.connect()
    return (await client.query(text, values)).rows
  } finally {
    await client.end()
  }
}
