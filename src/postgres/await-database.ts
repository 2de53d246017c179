import { setTimeout as delay } from 'node:timers/promises'
import { AtelierError } from '../errors.ts'
import type { Log } from '../log.ts'
import { connectDatabase, type Database } from './connect.ts'

const RETRY_MS = 500

/** Connects to a database, and waits for one that does not answer yet. Throws any other error, and when aborted. */
export async function awaitDatabase({
  signal,
  ...options
}: {
  readonly source: string
  readonly applicationName: string
  readonly log: Log
  readonly signal: AbortSignal
}): Promise<Database> {
  for (let told = false; ; told = true) {
    try {
      return await connectDatabase(options)
    } catch (error) {
      const waits = error instanceof AtelierError && error.code === 'DATABASE_UNAVAILABLE'
      if (!waits || signal.aborted) throw error
      if (!told)
        options.log.warn({ err: error }, 'the database does not answer yet; waiting for it')
      await delay(RETRY_MS, undefined, { signal })
    }
  }
}
