import pg from 'pg'
import t from 'tap'
import { AtelierError } from '../../src/errors.ts'
import { databaseError } from '../../src/postgres/database-errors.ts'

function sqlError(code: string): Error {
  return Object.assign(new pg.DatabaseError('of the server', 13, 'error'), { code })
}

function socketError(code: string): Error {
  return Object.assign(new Error('of the system'), { code })
}

t.test('what passes with time is unavailability', async (t) => {
  const errors = [
    ...['08006', '28P01', '3D000', '57P01', '57P03', '57014', '53300', '25006', '55P03'].map(
      sqlError,
    ),
    ...['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EACCES', 'ETIMEDOUT', 'ENOTFOUND'].map(
      socketError,
    ),
    new AggregateError([], ''),
    ...[
      'Connection terminated unexpectedly',
      'timeout expired',
      'timeout exceeded when trying to connect',
      'Query read timeout',
      'Cannot use a pool after calling end on the pool',
    ].map((words) => new Error(words)),
  ]
  for (const error of errors) {
    if (error instanceof AggregateError) Object.assign(error, { code: 'ECONNREFUSED' })
    t.match(databaseError(error), { code: 'DATABASE_UNAVAILABLE', status: 503, cause: error })
  }
})

t.test('a full disk is a full disk', async (t) => {
  t.match(databaseError(sqlError('53100')), { code: 'DISK_FULL', status: 507 })
})

t.test('anything else stays what it is', async (t) => {
  const errors = [
    ...['23505', '42P01', '22021', 'XX000'].map(sqlError),
    new TypeError('a mistake of ours'),
    socketError('ERR_INVALID_ARG_TYPE'),
    new AtelierError('NOT_FOUND'),
    'a string',
  ]
  for (const error of errors) t.equal(databaseError(error), error)
})
