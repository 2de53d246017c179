import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { connectDatabase, type Database } from '../postgres/connect.ts'
import { builtInPostgres } from './built-in-postgres.ts'
import { dataLock } from './data-lock.ts'
import { readInstance } from './instance-file.ts'

/** What using the built-in database needs of the process. */
export interface OwnDatabaseContext {
  readonly config: Config
  readonly log: Log
  readonly root: boolean
  /** What the database shows as the name of the program. */
  readonly applicationName: string
}

/** Uses the built-in database as long as it runs; else its Postgres is started for the time of `use`. */
export async function withOwnDatabase<T>(
  context: OwnDatabaseContext,
  use: (database: Database) => Promise<T>,
): Promise<T> {
  const running = await connectToRunning(context)
  if (running) return useAndClose(running, use)
  const lock = dataLock(context.config)
  await lock.acquire()
  try {
    return await withBuiltIn(context, use)
  } finally {
    await lock.release()
  }
}

/** Starts the built-in Postgres for the time of `use`; the caller holds the lock of the data directory. */
export async function withBuiltIn<T>(
  { config, log, root, applicationName }: OwnDatabaseContext,
  use: (database: Database) => Promise<T>,
): Promise<T> {
  const postgres = await builtInPostgres(config, { log, root })
  const { url } = await postgres.start()
  try {
    return await useAndClose(await connectDatabase({ source: url, applicationName, log }), use)
  } finally {
    await postgres.stop()
  }
}

/** Uses a database, and closes it however that ends. */
export async function useAndClose<T>(
  database: Database,
  use: (database: Database) => Promise<T>,
): Promise<T> {
  try {
    return await use(database)
  } finally {
    await database.close()
  }
}

async function connectToRunning({
  config,
  log,
  applicationName,
}: OwnDatabaseContext): Promise<Database | undefined> {
  try {
    const { databaseUrl } = readInstance(config)
    return await connectDatabase({ source: databaseUrl, applicationName, log })
  } catch {
    return undefined
  }
}
