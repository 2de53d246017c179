import pg from 'pg'
import type { Database } from './connect.ts'
import { databaseError } from './database-errors.ts'

const SCHEMA = 'atelier'
// The list of migrations is told apart; a link that was used later would sign in once more, and a node that ran at the time of
// the backup would hold its name.
const LEFT_OUT = ['migrations', 'sign_in_links', 'nodes']
// A row may hold the last lines of an IDE, some ten kilobytes.
const ROWS_AT_ONCE = 50

/** Some rows of a table, each as the JSON that Postgres makes of it, so that no number or time loses a digit. */
export interface TableRows {
  readonly table: string
  readonly rows: readonly string[]
}

/**
 * Reads all tables of Atelier, but neither its migrations nor sign-in links nor nodes, as they are at one moment, while others go
 * on writing. Throws DATABASE_UNAVAILABLE.
 */
export async function* dumpTables(database: Pick<Database, 'config'>): AsyncGenerator<TableRows> {
  const client = new pg.Client(database.config)
  // The statement in hand fails too; without a listener the event would end the process.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('begin transaction isolation level repeatable read read only')
    await client.query(`set local bytea_output = 'hex'; set local time zone 'UTC'`)
    for (const table of await tablesOf(client)) yield* rowsOf(client, table)
  } catch (error) {
    throw databaseError(error)
  } finally {
    await client.end()
  }
}

/** The name of a table of Atelier for SQL. */
export function qualified(table: string): string {
  return `${SCHEMA}.${pg.escapeIdentifier(table)}`
}

async function tablesOf(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class join pg_namespace on pg_namespace.oid = relnamespace
     where nspname = $1 and relkind in ('r', 'p') and not relispartition and relname <> all ($2)
     order by relname`,
    [SCHEMA, LEFT_OUT],
  )
  return rows.map(({ name }) => name)
}

async function* rowsOf(client: pg.Client, table: string): AsyncGenerator<TableRows> {
  await client.query(
    `declare copied no scroll cursor for select row_to_json(t)::text as row from ${qualified(table)} t`,
  )
  for (;;) {
    const { rows } = await client.query<{ row: string }>(`fetch ${ROWS_AT_ONCE} from copied`)
    if (rows.length === 0) break
    yield { table, rows: rows.map(({ row }) => row) }
  }
  await client.query('close copied')
}
