import type { LocationReader } from '../sessions/location-reader.ts'
import type { Task } from './task.ts'

/** Reads the whole sessions table now and then: the last resort for a hint that was lost on a connection that seemed well. */
export class ReadLocations implements Task {
  readonly name = 'read-locations'
  readonly period = 30_000
  readonly #reader: Pick<LocationReader, 'resync'>

  constructor({ reader }: { reader: Pick<LocationReader, 'resync'> }) {
    this.#reader = reader
  }

  /** Asks for it; the reader keeps its reads in order. */
  async activate(): Promise<void> {
    this.#reader.resync()
  }
}
