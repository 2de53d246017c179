import { systemCode } from '../../errors.ts'
import { LineCutter } from './line-cutter.ts'
import type { OutputFiles } from './output-files.ts'
import { closeHandles, openForReading, type OutputHandles } from './output-handles.ts'
import type { OutputStreamName } from './output-streams.ts'
import { readAt } from './read-write.ts'
import { RecordFile } from './record-file.ts'
import { LINE_RECORD, STREAM_RECORD, type LineRecord, type StreamRecord } from './records.ts'

/** Bytes of the output from `from` to `to`, which are all of one stream. */
export interface Segment {
  readonly from: number
  readonly to: number
  readonly stream: OutputStreamName
}

/** How many bytes are looked through at once. */
export const CHUNK = 262_144

/** Reads the output of a job from its files, also while somebody else appends to them. */
export class OutputReader {
  readonly #files: OutputHandles
  readonly #streams: RecordFile<StreamRecord>
  readonly #lines: RecordFile<LineRecord>

  private constructor(files: OutputHandles) {
    this.#files = files
    this.#streams = new RecordFile({ file: files.streams, format: STREAM_RECORD })
    this.#lines = new RecordFile({ file: files.lines, format: LINE_RECORD })
  }

  /** Opens the output; undefined as long as there is none. Throws the errors of node:fs. */
  static async open(files: OutputFiles): Promise<OutputReader | undefined> {
    try {
      return new OutputReader(await openForReading(files))
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined
      throw error
    }
  }

  /** How many bytes there are now. */
  async size(): Promise<number> {
    return (await this.#files.output.stat()).size
  }

  /** Up to `length` bytes from `from` on. */
  async bytes(from: number, length: number): Promise<Buffer> {
    return readAt(this.#files.output, from, length)
  }

  /** The last line before this one, or itself, of which the index tells where it begins. */
  async indexed(line: number): Promise<LineRecord> {
    const place = await this.#lines.lastPlace((record) => record.line <= line)
    const [record] = place < 0 ? [] : await this.#lines.read(place, 1)
    return record ?? { line: 0, offset: 0 }
  }

  /** How many lines there are in the first `size` bytes. */
  async lines(size: number): Promise<number> {
    const place = await this.#lines.lastPlace(({ offset }) => offset <= size)
    const [record] = place < 0 ? [] : await this.#lines.read(place, 1)
    const cutter = new LineCutter(record)
    for await (const bytes of this.chunks(cutter.at, size)) cutter.push(bytes)
    return cutter.lines
  }

  /** The bytes from `from` to `to`, or to where the output ends, some at a time. */
  async *chunks(from: number, to: number): AsyncGenerator<Buffer> {
    for (let at = from; at < to;) {
      const bytes = await this.bytes(at, Math.min(CHUNK, to - at))
      if (bytes.length === 0) return
      yield bytes
      at += bytes.length
    }
  }

  /** Of which streams the bytes from `from` to `to` are, in order and without a gap. */
  async segments(from: number, to: number): Promise<readonly Segment[]> {
    const segments: Segment[] = []
    const place = await this.#streams.lastPlace(({ offset }) => offset <= from)
    let open: StreamRecord = { offset: from, stream: 'mixed' }
    const close = (end: number) => {
      const begin = Math.max(from, open.offset)
      if (begin < end) segments.push({ from: begin, to: end, stream: open.stream })
    }
    for await (const records of this.#streams.from(Math.max(0, place))) {
      for (const record of records) {
        close(Math.min(to, record.offset))
        open = record
        if (record.offset >= to) return segments
      }
    }
    close(to)
    return segments
  }

  async close(): Promise<void> {
    await closeHandles(this.#files)
  }
}
