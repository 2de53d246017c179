import type { FileHandle } from 'node:fs/promises'
import { readAt } from './read-write.ts'
import { fromBytes, type RecordFormat } from './records.ts'

/** How many records are read at once. */
const BATCH = 4096

/** Reads a file of records of one size, of which each is greater than the one before. */
export class RecordFile<T> {
  readonly #file: FileHandle
  readonly #format: RecordFormat<T>

  constructor({ file, format }: { file: FileHandle; format: RecordFormat<T> }) {
    this.#file = file
    this.#format = format
  }

  /** How many whole records there are now. */
  async count(): Promise<number> {
    const { size } = await this.#file.stat()
    return Math.floor(size / this.#format.size)
  }

  /** At most `count` records from this place on. */
  async read(place: number, count: number): Promise<T[]> {
    const { size } = this.#format
    return fromBytes(this.#format, await readAt(this.#file, place * size, count * size))
  }

  /** All records from this place on, some thousands at a time. */
  async *from(place: number): AsyncGenerator<readonly T[]> {
    for (let next = place; ;) {
      const records = await this.read(next, BATCH)
      if (records.length === 0) return
      yield records
      next += records.length
    }
  }

  /** The place of the last record of those for which `holds`, which come first; -1 if there is none. */
  async lastPlace(holds: (record: T) => boolean): Promise<number> {
    let last = -1
    for (let none = await this.count(); none - last > 1;) {
      const middle = Math.floor((last + none) / 2)
      const [record] = await this.read(middle, 1)
      if (record !== undefined && holds(record)) last = middle
      else none = middle
    }
    return last
  }
}
