import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../log.ts'
import type { EmbeddedPostgres, RunningPostgres } from '../postgres/embedded.ts'

const RETRY_MS = 500

/** Keeps the built-in Postgres running: when it dies it is started again, and recovers by its own log. */
export class PostgresKeeper {
  readonly #postgres: EmbeddedPostgres
  readonly #log: Log
  readonly #stopping = new AbortController()
  #keeping: Promise<void> | undefined

  constructor({ postgres, log }: { postgres: EmbeddedPostgres; log: Log }) {
    this.#postgres = postgres
    this.#log = log
  }

  /** Starts it and answers its URL, which stays the same and holds the password. Throws when it cannot be started. */
  async start(): Promise<string> {
    const running = await this.#postgres.start(this.#stopping.signal)
    this.#keeping = this.#keep(running)
    return running.url
  }

  /** Stops it in order. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#postgres.stop()
    await this.#keeping
  }

  async #keep(first: RunningPostgres): Promise<void> {
    const { signal } = this.#stopping
    let running: RunningPostgres | undefined = first
    while (!signal.aborted) {
      await running?.exited
      if (signal.aborted) return
      this.#log.warn({}, 'the built-in Postgres ended; starting it again')
      running = await this.#postgres.start(signal).catch((error: unknown) => {
        if (!signal.aborted) this.#log.error({ err: error }, 'Postgres does not start')
        return undefined
      })
      if (running === undefined) await delay(RETRY_MS, undefined, { signal }).catch(() => undefined)
    }
  }
}
