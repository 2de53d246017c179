import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../log.ts'
import type { Locations } from './locations.ts'
import type { SessionHints, SessionStore } from './session-store.ts'

const RETRY_MS = 1000

/**
 * Keeps the locations equal to the sessions table: hints that come while a read is under way are answered by one further
 * read, a lost connection by reading everything again. A database that does not answer is asked again every second.
 */
export class LocationReader implements SessionHints {
  readonly #store: Pick<SessionStore, 'all' | 'some'>
  readonly #locations: Locations
  readonly #log: Log
  readonly #hinted = new Set<string>()
  readonly #stopping = new AbortController()
  #everything = false
  #reading: Promise<void> | undefined

  constructor(parts: {
    store: Pick<SessionStore, 'all' | 'some'>
    locations: Locations
    log: Log
  }) {
    this.#store = parts.store
    this.#locations = parts.locations
    this.#log = parts.log
  }

  /** Reads this session soon. */
  changed(id: string): void {
    this.#hinted.add(id)
    this.#read()
  }

  /** Reads the whole table soon. */
  resync(): void {
    this.#everything = true
    this.#read()
  }

  /** Reads the whole table now. Throws DATABASE_UNAVAILABLE. */
  async readAll(): Promise<void> {
    // Taken before the read: a session that is inserted while the read runs is not in its answer, but is not gone either.
    const before = this.#locations.all()
    const rows = await this.#store.all()
    this.#locations.apply(rows)
    const present = new Set(rows.map((row) => row.id))
    for (const { id } of before) if (!present.has(id)) this.#locations.remove(id)
  }

  /** Reads this session now. Throws DATABASE_UNAVAILABLE. */
  async readOne(id: string): Promise<void> {
    await this.#readSome([id])
  }

  /** Stops reading; resolves when the last read has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#reading
  }

  #read(): void {
    this.#reading ??= this.#readUntilQuiet().finally(() => {
      this.#reading = undefined
    })
  }

  async #readUntilQuiet(): Promise<void> {
    let failed = false
    const { signal } = this.#stopping
    while (!signal.aborted && (this.#everything || this.#hinted.size > 0)) {
      const ids = [...this.#hinted]
      const everything = this.#everything
      this.#hinted.clear()
      this.#everything = false
      try {
        await (everything ? this.readAll() : this.#readSome(ids))
        failed = false
      } catch (error) {
        this.#everything = true
        if (!failed) this.#log.warn({ err: error }, 'the sessions cannot be read; trying again')
        failed = true
        await delay(RETRY_MS, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  async #readSome(ids: readonly string[]): Promise<void> {
    const rows = await this.#store.some(ids)
    this.#locations.apply(rows)
    const present = new Set(rows.map((row) => row.id))
    for (const id of ids) if (!present.has(id)) this.#locations.remove(id)
  }
}
