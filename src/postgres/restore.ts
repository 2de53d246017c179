import pg from 'pg'
import type { Database } from './connect.ts'
import { databaseError } from './database-errors.ts'
import { qualified, type TableRows } from './dump.ts'

/**
 * Replaces everything that Atelier has in the database by `tables`: `build` makes them, empty, as they were then, and
 * `update` brings them up to date. Nothing is changed if it throws; nobody else may use the database meanwhile. The role
 * must be a superuser, as that of the built-in server is.
 */
export async function restoreTables(options: {
  readonly database: Database
  readonly build: () => Promise<void>
  readonly tables: AsyncIterable<TableRows>
  readonly update: () => Promise<void>
}): Promise<void> {
  const { database, build, tables, update } = options
  await finishInterrupted(database)
  await putAside(database)
  try {
    await build()
    await insertAll(database, tables)
    await update()
  } catch (error) {
    await takeBack(database)
    throw error
  }
  await database.query('drop schema if exists atelier_aside cascade')
}

type Queries = Pick<Database, 'query'>

// What a killed restore has left is only half there; what it had put aside is whole.
async function finishInterrupted(database: Queries): Promise<void> {
  if (await exists(database, 'atelier_aside')) await takeBack(database)
}

async function putAside(database: Queries): Promise<void> {
  if (!(await exists(database, 'atelier'))) return
  await database.query('alter schema atelier rename to atelier_aside')
}

async function takeBack(database: Queries): Promise<void> {
  await database.query('drop schema if exists atelier cascade')
  if (!(await exists(database, 'atelier_aside'))) return
  await database.query('alter schema atelier_aside rename to atelier')
}

async function exists(database: Queries, schema: string): Promise<boolean> {
  const rows = await database.query('select from pg_namespace where nspname = $1', [schema])
  return rows.length > 0
}

async function insertAll(
  { config }: Pick<Database, 'config'>,
  tables: AsyncIterable<TableRows>,
): Promise<void> {
  const client = new pg.Client(config)
  client.on('error', () => undefined)
  const filled = new Set<string>()
  try {
    await client.connect()
    await client.query('begin')
    // Without triggers, and so without the order that foreign keys would demand.
    await client.query('set local session_replication_role = replica')
    for await (const { table, rows } of tables) {
      filled.add(table)
      const columns = (await ownColumns(client, table)).map((name) => pg.escapeIdentifier(name))
      await client.query(
        `insert into ${qualified(table)} (${columns.join()}) overriding system value
         select ${columns.join()} from json_populate_recordset(null::${qualified(table)}, $1)`,
        [`[${rows.join()}]`],
      )
    }
    for (const table of filled) await advanceSequences(client, table)
    await client.query('commit')
  } catch (error) {
    throw databaseError(error)
  } finally {
    await client.end()
  }
}

async function ownColumns(client: pg.Client, table: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [qualified(table)],
  )
  return rows.map(({ name }) => name)
}

async function advanceSequences(client: pg.Client, table: string): Promise<void> {
  for (const column of await ownColumns(client, table)) {
    await client.query(
      `select setval(sequence, (select max(${pg.escapeIdentifier(column)}::text::bigint) from ${qualified(table)}))
       from pg_get_serial_sequence($1, $2) as sequence where sequence is not null`,
      [qualified(table), column],
    )
  }
}
