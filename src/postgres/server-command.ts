import { Buffer } from 'node:buffer'

/** The longest path of a unix socket, in bytes: `sun_path` of unix(7) less its closing NUL. */
const LONGEST_SOCKET_PATH = 107

/** What differs from Postgres' own defaults for a small server that only one machine uses. */
const SETTINGS = {
  listen_addresses: '',
  port: '5432',
  unix_socket_permissions: '0700',
  max_connections: '100',
  shared_buffers: '64MB',
  min_wal_size: '32MB',
  max_wal_size: '512MB',
  io_method: 'sync',
  jit: 'off',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] %q%a ',
  log_timezone: 'UTC',
  timezone: 'UTC',
} as const

/** The command line of the built-in server, which is also how a server left behind is recognised. */
export function serverCommand(postgres: string, data: string, socket: string): readonly string[] {
  const settings = Object.entries({ ...SETTINGS, unix_socket_directories: socket })
  return [postgres, '-D', data, ...settings.flatMap(([key, value]) => ['-c', `${key}=${value}`])]
}

/** Throws an Error if a unix socket in `directory` would have too long a path. */
export function assertSocketFits(directory: string): void {
  const length = Buffer.byteLength(`${directory}/.s.PGSQL.${SETTINGS.port}`)
  if (length >= LONGEST_SOCKET_PATH) {
    throw new Error(
      `The path of the database's socket below ${directory} has ${length} bytes, more than a unix socket may have. ` +
        'Choose a shorter data.directory, or set database.url.',
    )
  }
}
