import t from 'tap'
import type { Database } from '../../src/postgres/connect.ts'
import { dumpTables, type TableRows } from '../../src/postgres/dump.ts'
import { appliedMigrations, migrate } from '../../src/postgres/migrate.ts'
import { restoreTables } from '../../src/postgres/restore.ts'
import { database, migrated } from '../fixtures/database.ts'
import { silent } from '../fixtures/silent-log.ts'

const PARENTS_AND_CHILDREN = `
  create table atelier.children (
    id bigint generated always as identity primary key,
    parent_id bigint not null,
    secret bytea not null,
    amount numeric not null,
    seen timestamptz not null,
    doubled numeric generated always as (amount * 2) stored
  );
  create table atelier.parents (id bigserial primary key, name text);
  alter table atelier.children add foreign key (parent_id) references atelier.parents (id)`

t.test('a copy of the tables, and the way back', async (t) => {
  const server = await database(t)
  const db = await migrated(t, server)
  const build = async () => {
    await migrate({ database: db, log: silent })
    await db.query(PARENTS_AND_CHILDREN)
  }
  const update = () => migrate({ database: db, log: silent })
  await db.query(PARENTS_AND_CHILDREN)
  await db.query(`insert into atelier.parents (name) values ('ä "quoted" \\ line
break'), (null), (U&'\\+01F680')`)
  await db.query(`insert into atelier.children (parent_id, secret, amount, seen)
    select 1 + n % 3, decode(md5(n::text), 'hex'), 12345678901234567890.123456789 + n, '2026-01-01T00:00:00.123456Z'
    from generate_series(1, 120) as n`)
  await db.query(`insert into atelier.sessions (id, user_name, ide, node, location)
    values ('abc', 'alice', 'vscode', 'n', '{"kind": "socket", "path": "/a \\"b\\""}')`)
  await db.query(
    `insert into atelier.sign_in_links values ('x', 'alice', now() + interval '1 day', null)`,
  )

  await t.test('all rows are read as they were when the reading began', async (t) => {
    const dump = dumpTables(db)
    const first = await dump.next()
    await db.query('delete from atelier.children where id > 100')
    const copied = [first.value as TableRows, ...(await all(dump))]
    t.equal(
      copied.filter(({ table }) => table === 'children').flatMap(({ rows }) => rows).length,
      120,
    )
    t.strictSame(
      [...new Set(copied.map(({ table }) => table))],
      ['children', 'parents', 'sessions'],
    )
  })

  await t.test('restored, they are the same to the last digit, and sequences go on', async (t) => {
    const before = await contents(db)
    const copied = await all(dumpTables(db))
    await db.query('delete from atelier.children; delete from atelier.parents where id = 1')
    await db.query('insert into atelier.parents (name) values ($1)', ['later'])
    await restoreTables({ database: db, build, update, tables: each(copied) })
    t.strictSame(await contents(db), before)
    t.strictSame(await db.query('select from atelier.sign_in_links'), [], 'a used link stays used')
    const [row] = await db.query<{ id: string }>(
      `insert into atelier.children (parent_id, secret, amount, seen) values (1, '', 0, now()) returning id`,
    )
    t.equal(row?.id, '101')
    await t.rejects(
      db.query(
        `insert into atelier.children (parent_id, secret, amount, seen) values (99, '', 0, now())`,
      ),
      /foreign key/,
      'constraints hold again',
    )
  })

  await t.test('what fails on the way changes nothing', async (t) => {
    const before = await contents(db)
    const broken: [name: string, tables: readonly TableRows[]][] = [
      ['rows that do not fit', [{ table: 'parents', rows: ['{"id": "no number"}'] }]],
      ['a table that is not there', [{ table: 'strangers', rows: ['{"id": 1}'] }]],
      ['no JSON', [{ table: 'parents', rows: ['{'] }]],
    ]
    for (const [name, tables] of broken) {
      await t.rejects(restoreTables({ database: db, build, update, tables: each(tables) }), name)
      t.strictSame(await contents(db), before, name)
    }
    await t.rejects(restoreTables({ database: db, build, update: fail, tables: each([]) }))
    t.strictSame(await contents(db), before, 'an update that fails')
  })

  await t.test('one that was killed half-way is taken back by the next', async (t) => {
    const before = await contents(db)
    await db.query('alter schema atelier rename to atelier_aside')
    await db.query('create schema atelier; create table atelier.half (id int)')
    await t.rejects(restoreTables({ database: db, build, update: fail, tables: each([]) }))
    t.strictSame(await contents(db), before)
  })
})

t.test('a database can be built as it was after the first migrations', async (t) => {
  const db = await migrated(t, await database(t))
  const known = await appliedMigrations(db)
  await db.query('drop schema atelier cascade')
  t.strictSame(await appliedMigrations(db), [])
  await migrate({ database: db, log: silent, first: known.slice(0, 1) })
  t.strictSame(await appliedMigrations(db), known.slice(0, 1))
  await migrate({ database: db, log: silent })
  t.strictSame(await appliedMigrations(db), known)
  await t.rejects(migrate({ database: db, log: silent, first: ['9999_future'] }), /newer Atelier/)
})

async function contents(db: Database): Promise<readonly string[]> {
  const rows = await db.query<{ row: string }>(`
    select row from (select 'p' as of, p::text as row from atelier.parents p
      union all select 'c', c::text from atelier.children c
      union all select 's', s::text from atelier.sessions s) as everything order by of, row`)
  return rows.map(({ row }) => row)
}

async function* each(tables: readonly TableRows[]): AsyncGenerator<TableRows> {
  yield* tables
}

async function all(tables: AsyncIterable<TableRows>): Promise<readonly TableRows[]> {
  const found: TableRows[] = []
  for await (const table of tables) found.push(table)
  return found
}

function fail(): Promise<never> {
  return Promise.reject(new Error('as planned'))
}
