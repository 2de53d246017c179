import { pino } from 'pino'

/** The logger every part is handed: pino's methods that we use, so that a test can hand in its own. */
export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'>

/** Levels of the configuration key `log.level`. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const

/**
 * A structured logger that writes JSON lines to standard error, with tokens and cookies removed. Its `level` can be set
 * at any time.
 */
export function createLog(
  level: (typeof LOG_LEVELS)[number],
  process: string,
): Log & { level: string } {
  return pino(
    {
      level,
      base: { process },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: [
          'token',
          'secret',
          'password',
          '*.token',
          '*.password',
          '*.*.password',
          '*.cookie',
          '*.authorization',
        ],
        remove: true,
      },
    },
    pino.destination({ dest: 2, sync: true }),
  )
}
