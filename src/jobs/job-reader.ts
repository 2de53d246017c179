import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../log.ts'
import type { JobHints, JobStore } from './job-store.ts'
import type { LivingJobs } from './living-jobs.ts'

const RETRY_MS = 1000

/**
 * Keeps the living jobs equal to the jobs table: hints that come while a read is under way are answered by one further read,
 * a lost connection by reading everything again. A database that does not answer is asked again every second.
 */
export class JobReader implements JobHints {
  readonly #store: Pick<JobStore, 'living' | 'some'>
  readonly #living: LivingJobs
  readonly #log: Log
  readonly #hinted = new Set<string>()
  readonly #stopping = new AbortController()
  #everything = false
  #reading: Promise<void> | undefined

  constructor(parts: { store: Pick<JobStore, 'living' | 'some'>; living: LivingJobs; log: Log }) {
    this.#store = parts.store
    this.#living = parts.living
    this.#log = parts.log
  }

  /** Reads this job soon. */
  changed(id: string): void {
    this.#hinted.add(id)
    this.#read()
  }

  /** Reads all jobs that have not ended soon, and how those have ended that had not. */
  resync(): void {
    this.#everything = true
    this.#read()
  }

  /** Reads them now. Throws DATABASE_UNAVAILABLE. */
  async readAll(): Promise<void> {
    const before = this.#living.all()
    const rows = await this.#store.living()
    this.#living.apply(rows)
    const present = new Set(rows.map(({ id }) => id))
    await this.#readSome(before.map(({ id }) => id).filter((id) => !present.has(id)))
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
        if (everything) await this.readAll()
        await this.#readSome(ids)
        failed = false
      } catch (error) {
        for (const id of ids) this.#hinted.add(id)
        this.#everything = true
        if (!failed) this.#log.warn({ err: error }, 'the jobs cannot be read; trying again')
        failed = true
        await delay(RETRY_MS, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  async #readSome(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    const rows = await this.#store.some(ids)
    this.#living.apply(rows)
    const present = new Set(rows.map(({ id }) => id))
    for (const id of ids) if (!present.has(id)) this.#living.remove(id)
  }
}
