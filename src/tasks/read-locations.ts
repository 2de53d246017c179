import type { LocationReader } from '../sessions/location-reader.ts'
import type { Task } from './task.ts'

/** Reads the whole sessions table now and then: the last resort for a hint that was lost on a connection that seemed well. */
export class ReadLocations implements Task {
  readonly name = 'read-locations'
  readonly period = 30_000
  readonly #reader: Pick<LocationReader, 'readAll'>

  constructor({ reader }: { reader: Pick<LocationReader, 'readAll'> }) {
    this.#reader = reader
  }

  /** Reads it once. */
  async activate(): Promise<void> {
    await this.#reader.readAll()
  }
}
