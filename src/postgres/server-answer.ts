import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { systemCode } from '../errors.ts'

/** How to connect to the built-in server: a configuration of `pg`. */
export interface LocalConnection {
  /** The folder of its unix socket. */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  readonly ssl: false
}

/** The same as a URL for `database.url`; it holds the password. */
export function connectionUrl(connection: LocalConnection): string {
  const url = new URL('postgres://localhost')
  url.username = connection.user
  url.password = connection.password
  url.pathname = connection.database
  url.searchParams.set('host', connection.host)
  url.searchParams.set('port', String(connection.port))
  return url.href
}

/**
 * Tries to connect every 20 ms until the server answers, makes the database if it is missing, and resolves to the server's
 * version. Undefined if the server ends (`isRunning`) or gives no sign of life for `patience` ms; recovery is a sign of life.
 */
export async function awaitAnswer(options: {
  readonly connection: LocalConnection
  readonly isRunning: () => Promise<boolean>
  readonly patience: number
  readonly signal?: AbortSignal | undefined
}): Promise<string | undefined> {
  let lastSign = Date.now()
  while (Date.now() - lastSign < options.patience) {
    options.signal?.throwIfAborted()
    if (!(await options.isRunning())) return undefined
    try {
      return await withClient(options.connection, serverVersion)
    } catch (error) {
      const sign = signOfLife(error)
      if (sign === 'no database') await createDatabase(options.connection)
      if (sign !== 'none') lastSign = Date.now()
    }
    await sleep(20, undefined, options.signal && { signal: options.signal })
  }
  return undefined
}

/** What a failed connection says of the server; throws the error again when waiting would not help. */
function signOfLife(error: unknown): 'none' | 'starting' | 'no database' {
  const code = systemCode(error)
  if (code === '57P03') return 'starting'
  if (code === '3D000') return 'no database'
  if (code === '28P01') {
    throw new Error(
      "The built-in Postgres refuses the password in the file `password` of its directory. Put back the file that belongs to the directory's data.",
    )
  }
  if (code !== undefined && error instanceof pg.DatabaseError) throw error
  return 'none'
}

async function createDatabase(connection: LocalConnection): Promise<void> {
  await withClient({ ...connection, database: 'postgres' }, async (client) => {
    await client.query(`create database ${pg.escapeIdentifier(connection.database)}`)
  })
}

async function serverVersion(client: pg.Client): Promise<string> {
  const result = await client.query<{ server_version: string }>('show server_version')
  return result.rows[0]?.server_version ?? ''
}

async function withClient<T>(
  connection: LocalConnection,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    ...connection,
    application_name: 'atelier start',
    connectionTimeoutMillis: 2000,
    query_timeout: 5000,
  })
  // A connection that breaks also fails the call in hand; without a listener the event would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    return await use(client)
  } finally {
    await client.end()
  }
}
