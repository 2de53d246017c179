import { readdir } from 'node:fs/promises'
import { parse } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { systemCode } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Database } from './connect.ts'
import { databaseError } from './database-errors.ts'

const SCHEMA = 'atelier'
const TABLE = 'migrations'

/**
 * Brings the schema up to date; safe when several nodes start at once: one does the work and the others wait, at most a
 * minute. With `first`, an empty database is brought to where just these were applied. Throws an Error if a newer Atelier
 * has changed the schema already.
 */
export async function migrate(options: MigrateOptions): Promise<void> {
  const directory = fileURLToPath(new URL('./migrations', import.meta.url))
  const known = await knownMigrations(directory)
  missingMigrations(known, options.first ?? [])
  if (missingMigrations(known, await appliedMigrations(options.database)).length === 0) return
  await run(directory, options)
  // Whoever held the lock before us may have been a newer Atelier.
  missingMigrations(known, await appliedMigrations(options.database))
}

interface MigrateOptions {
  readonly database: Database
  readonly log: Log
  readonly first?: readonly string[]
}

/** What is still to be applied. Throws an Error if something was applied that this program does not know. */
export function missingMigrations(
  known: readonly string[],
  applied: readonly string[],
): readonly string[] {
  const newer = applied.filter((name) => !known.includes(name))
  if (newer.length > 0) {
    throw new Error(
      `The database belongs to a newer Atelier (it has ${newer.join(', ')}). Start that version, or restore a backup.`,
    )
  }
  return known.filter((name) => !applied.includes(name))
}

async function knownMigrations(directory: string): Promise<readonly string[]> {
  const files = (await readdir(directory)).map((file) => parse(file))
  return files.filter(({ ext }) => ext === '.sql').map(({ name }) => name)
}

/** The migrations that the database has seen, in their order; none if it is empty. */
export async function appliedMigrations(
  database: Pick<Database, 'query'>,
): Promise<readonly string[]> {
  try {
    const rows = await database.query<{ name: string }>(
      `select name from ${SCHEMA}.${TABLE} order by id`,
    )
    return rows.map((row) => row.name)
  } catch (error) {
    // The table, or with it the whole schema, is made by the first migration.
    if (['42P01', '3F000'].includes(systemCode(error) ?? '')) return []
    throw error
  }
}

async function run(directory: string, { database, log, first }: MigrateOptions): Promise<void> {
  // Loaded only when there is something to do: it takes longer than all the rest of a start.
  const { runner } = await import('node-pg-migrate')
  const client = new pg.Client({ ...database.config, lock_timeout: 60_000 })
  // The statement in hand fails too; without a listener the event would end the process.
  client.on('error', () => undefined)
  const say = (message: string): void => log.debug(message)
  try {
    await client.connect()
    const done = await runner({
      dbClient: client,
      dir: directory,
      direction: 'up',
      ...(first && { count: first.length }),
      schema: SCHEMA,
      createSchema: true,
      migrationsTable: TABLE,
      advisoryLockMode: 'wait',
      singleTransaction: true,
      logger: { info: say, warn: say, error: say },
    })
    const migrations = done.map(({ name }) => name)
    if (migrations.length > 0) log.info({ migrations }, 'brought the database up to date')
  } catch (error) {
    throw databaseError(error)
  } finally {
    await client.end()
  }
}
