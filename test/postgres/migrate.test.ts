import { readdir } from 'node:fs/promises'
import { parse } from 'node:path'
import t from 'tap'
import { connectDatabase } from '../../src/postgres/connect.ts'
import { migrate, missingMigrations } from '../../src/postgres/migrate.ts'
import { database } from '../fixtures/database.ts'
import { silent } from '../fixtures/silent-log.ts'

const server = await database(t)

async function node() {
  const db = await connectDatabase({
    source: server.connection,
    applicationName: 'atelier test',
    log: silent,
  })
  t.teardown(() => db.close())
  return db
}

t.test('five nodes that start at once make the schema once', async (t) => {
  const nodes = await Promise.all([1, 2, 3, 4, 5].map(node))
  const worked: unknown[] = []
  const log = { ...silent, info: (...line: unknown[]) => void worked.push(line) }
  await Promise.all(nodes.map((database) => migrate({ database, log })))
  t.equal(worked.length, 1)
  const [db] = nodes
  t.same(await db?.query('select * from atelier.sessions'), [])
  const files = await readdir(new URL('../../src/postgres/migrations', import.meta.url))
  t.same(
    await db?.query('select name from atelier.migrations order by name'),
    files.toSorted().map((file) => ({ name: parse(file).name })),
  )
})

t.test('a later start has nothing to do and needs no right to make anything', async (t) => {
  const db = await node()
  await db.query(`alter database atelier set default_transaction_read_only = on`)
  t.teardown(() => db.query(`alter database atelier reset default_transaction_read_only`))
  await t.resolves(migrate({ database: await node(), log: silent }))
})

t.test('the database of a newer Atelier is refused and not touched', async (t) => {
  const db = await node()
  await db.query(`insert into atelier.migrations (name, run_on) values ('9999_future', now())`)
  await t.rejects(migrate({ database: db, log: silent }), /newer Atelier .*9999_future/)
})

t.test('what is missing is told by name', async (t) => {
  t.same(missingMigrations(['1', '2', '3'], ['1']), ['2', '3'])
  t.same(missingMigrations(['1'], ['1']), [])
})
