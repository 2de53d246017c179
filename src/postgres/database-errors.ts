import pg from 'pg'
import { AtelierError, systemCode } from '../errors.ts'

/**
 * SQLSTATEs (PostgreSQL manual, appendix A) that pass with time or by the operator's hand: no connection (08), no entry
 * (28, 3D000), server going or coming (57P), too many connections, out of memory, read-only after a failover, timeouts.
 */
const UNAVAILABLE =
  /^(08...|28...|3D000|57P0[1-5]|57014|53000|53200|53300|25006|25P03|55P03|58...)$/

/** What `pg` and its pool say without a code when a connection is lost, late or closed. */
const CONNECTION_WORDS =
  /^(Connection terminated|timeout e|Query read timeout|Client (has|was) |Cannot use a pool|The server does not support SSL)/

/**
 * The error as the rest of Atelier is told it: DISK_FULL, DATABASE_UNAVAILABLE, or unchanged when it is neither. The
 * original is the cause.
 */
export function databaseError(error: unknown): unknown {
  if (error instanceof AtelierError) return error
  const code = systemCode(error)
  if (code === '53100') return new AtelierError('DISK_FULL', undefined, { cause: error })
  if (!isUnavailable(error, code)) return error
  return new AtelierError('DATABASE_UNAVAILABLE', undefined, { cause: error })
}

/** An error of the database in a few words for the log: its code and message, and nothing of what hangs on to it. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error'
  return [systemCode(error), error.message].filter(Boolean).join(': ')
}

function isUnavailable(error: unknown, code: string | undefined): boolean {
  if (error instanceof pg.DatabaseError) return code !== undefined && UNAVAILABLE.test(code)
  // Any other code comes from a socket, the resolver or TLS; ERR_INVALID… from a mistake of ours.
  if (code !== undefined) return !code.startsWith('ERR_INVALID')
  return error instanceof Error && CONNECTION_WORDS.test(error.message)
}
