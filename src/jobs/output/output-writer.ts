import type { OutputFiles } from './output-files.ts'
import { closeHandles, openForWriting, type OutputHandles } from './output-handles.ts'
import type { OutputStreamName, StreamBytes } from './output-streams.ts'
import { writeAt } from './read-write.ts'
import { LINE_RECORD, STREAM_RECORD, toBytes, type LineRecord } from './records.ts'
import { recoverOutput, type StoredOutput } from './recover-output.ts'

/** From one line of the index to the next there are at least so many bytes. */
export const INDEXED_EVERY = 65_536

/**
 * Appends to the output of a job, in an order that leaves good files whenever it is broken off: first which stream begins,
 * then the bytes, then the index of lines, which can be made again. Only one may write at a time.
 */
export class OutputWriter {
  readonly #files: OutputHandles
  readonly #stored: Record<OutputStreamName, number>
  readonly #cutter: StoredOutput['cutter']
  #size: number
  #stream: OutputStreamName | undefined
  #streamRecords: number
  #lineRecords: number
  #indexed: number
  #unwritten: LineRecord[] = []

  private constructor(files: OutputHandles, found: StoredOutput) {
    this.#files = files
    this.#stored = { ...found.stored }
    this.#cutter = found.cutter
    this.#size = found.size
    this.#stream = found.stream
    this.#streamRecords = found.streamRecords
    this.#lineRecords = found.lineRecords
    this.#indexed = found.indexed
  }

  /** Goes on where the files end; makes them if there are none. Throws the errors of node:fs. */
  static async open(files: OutputFiles): Promise<OutputWriter> {
    const handles = await openForWriting(files)
    try {
      return new OutputWriter(handles, await recoverOutput(handles))
    } catch (error) {
      await closeHandles(handles)
      throw error
    }
  }

  /** Bytes that are stored. */
  get size(): number {
    return this.#size
  }

  /** How many of them are of which stream. */
  get stored(): StreamBytes {
    return this.#stored
  }

  /** Appends whole characters of a stream. Throws the errors of node:fs; nothing is appended then, and it may be repeated. */
  async append(stream: OutputStreamName, bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return
    if (stream !== this.#stream) {
      const record = toBytes(STREAM_RECORD, [{ offset: this.#size, stream }])
      await writeAt(this.#files.streams, this.#streamRecords * STREAM_RECORD.size, record)
      this.#streamRecords++
      this.#stream = stream
    }
    await writeAt(this.#files.output, this.#size, bytes)
    this.#size += bytes.length
    this.#stored[stream] += bytes.length
    this.#cutter.push(bytes, (line, offset) => {
      if (offset - this.#indexed < INDEXED_EVERY) return
      this.#indexed = offset
      this.#unwritten.push({ line, offset })
    })
    await this.#index()
  }

  async close(): Promise<void> {
    await closeHandles(this.#files)
  }

  async #index(): Promise<void> {
    if (this.#unwritten.length === 0) return
    const at = this.#lineRecords * LINE_RECORD.size
    try {
      await writeAt(this.#files.lines, at, toBytes(LINE_RECORD, this.#unwritten))
    } catch {
      // The bytes are stored; readers search a little longer until it can be written with what comes next.
      return
    }
    this.#lineRecords += this.#unwritten.length
    this.#unwritten = []
  }
}
