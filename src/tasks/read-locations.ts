import type { Task } from './task.ts'

/** Reads the tables of sessions and nodes now and then: the last resort for a hint that was lost on a connection that seemed well. */
export class ReadLocations implements Task {
  readonly name = 'read-locations'
  readonly period = 30_000
  readonly #readers: readonly { resync(): void }[]

  constructor({ readers }: { readers: readonly { resync(): void }[] }) {
    this.#readers = readers
  }

  /** Asks for it; the readers keep their reads in order. */
  async activate(): Promise<void> {
    for (const reader of this.#readers) reader.resync()
  }
}
