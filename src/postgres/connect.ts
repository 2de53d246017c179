import pg from 'pg'
import { ConfigError } from '../config.ts'
import type { Log } from '../log.ts'
import { databaseError, describeError } from './database-errors.ts'
import type { LocalConnection } from './server-answer.ts'

/** The oldest major version of Postgres that Atelier works with. */
export const OLDEST_POSTGRES = 14

/**
 * The database: a pool of connections that outlives the server. Every method throws AtelierError DATABASE_UNAVAILABLE when
 * the database does not answer in time, and the same object works again when it does.
 */
export class Database {
  /** How single connections are made; it holds the password, so it must not be logged. */
  readonly config: pg.ClientConfig
  readonly #pool: pg.Pool

  constructor(options: { readonly config: pg.ClientConfig; readonly log: Log }) {
    this.config = options.config
    this.#pool = new pg.Pool({
      ...options.config,
      // The listener and the migrations set timeouts of their own.
      query_timeout: 10_000,
      max: 10,
      idleTimeoutMillis: 30_000,
      onConnect: prepareConnection,
    })
    // Without a listener the loss of an idle connection would end the process.
    this.#pool.on('error', (error) => {
      options.log.warn({ reason: describeError(error) }, 'an idle database connection was lost')
    })
  }

  /** Runs one statement in a transaction of its own; tables are written with their schema, `atelier`. */
  async query<Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    try {
      const result = await this.#pool.query<Row>(text, [...values])
      return result.rows
    } catch (error) {
      throw databaseError(error)
    }
  }

  /** The address that the server sees our connections come from; undefined for one on the same machine. */
  async clientAddress(): Promise<string | undefined> {
    const [row] = await this.query<{ address: string | null }>(
      'select host(inet_client_addr()) as address',
    )
    return row?.address ?? undefined
  }

  /** Closes all connections after their statements in hand. */
  async close(): Promise<void> {
    await this.#pool.end()
  }
}

/**
 * Connects to the database at a URL (`database.url`) or to the built-in server. Throws ConfigError if the URL is not
 * understood or the server unfit, DATABASE_UNAVAILABLE if it does not answer.
 */
export async function connectDatabase(options: {
  readonly source: string | LocalConnection
  readonly applicationName: string
  readonly log: Log
}): Promise<Database> {
  const config = connectionConfig(options.source, options.applicationName)
  const database = new Database({ config, log: options.log })
  try {
    const [server] = await database.query<ServerFacts>(
      `select current_setting('server_version_num')::int as version,
              current_setting('server_encoding') as encoding,
              pg_is_in_recovery() as standby`,
    )
    if (server) assertServerFits(server)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

/** What is asked of a server before it is used. */
export type ServerFacts = {
  /** `server_version_num`, such as 180004. */
  readonly version: number
  readonly encoding: string
  readonly standby: boolean
}

/** Throws ConfigError if Atelier cannot work with such a server. */
export function assertServerFits(server: ServerFacts): void {
  const problems: string[] = []
  if (server.version < OLDEST_POSTGRES * 10_000) {
    problems.push(
      `database.url: the server is Postgres ${Math.floor(server.version / 10_000)}; Atelier needs ${OLDEST_POSTGRES} or newer`,
    )
  }
  if (server.encoding !== 'UTF8') {
    problems.push(`database.url: the database has the encoding ${server.encoding}; it must be UTF8`)
  }
  if (server.standby) {
    problems.push('database.url: the server is a standby, which cannot be written to')
  }
  if (problems.length > 0) throw new ConfigError(problems)
}

/** How `pg` connects to a URL or to the built-in server. Throws ConfigError, without the URL, if it is not understood. */
export function connectionConfig(
  source: string | LocalConnection,
  applicationName: string,
): pg.ClientConfig {
  const config: pg.ClientConfig = {
    ...(typeof source === 'string' ? { connectionString: source } : source),
    application_name: applicationName,
    connectionTimeoutMillis: 3000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  }
  if (typeof source === 'string' && !isUnderstood(config, source)) {
    throw new ConfigError([
      'database.url: is not understood; write it as postgres://user:password@host:5432/database',
    ])
  }
  return config
}

function isUnderstood(config: pg.ClientConfig, url: string): boolean {
  try {
    // Only this reads the URL with all that `pg` makes of it, such as certificates to be loaded.
    new pg.Client(config)
    return /^postgres(ql)?:\/\//.test(url)
  } catch {
    return false
  }
}

/**
 * Set by a statement, for poolers between refuse unknown start-up parameters. With nothing but the catalog in the path no
 * function or table of another role can stand in for one of ours.
 */
async function prepareConnection(client: pg.ClientBase): Promise<void> {
  await client.query(
    `select set_config('search_path', 'pg_catalog, pg_temp', false), set_config('statement_timeout', '9000', false)`,
  )
}
