import { OUTPUT_STREAMS, type OutputStreamName } from './output-streams.ts'

/** How records of one size, written one after the other, are read and written. */
export interface RecordFormat<T> {
  /** Bytes of one record. */
  readonly size: number
  read(bytes: Buffer, at: number): T
  write(record: T, bytes: Buffer, at: number): void
}

/** From this byte of the output on it is this stream's, until the next record. */
export interface StreamRecord {
  readonly offset: number
  readonly stream: OutputStreamName
}

/** The line of this number, counted from 0, begins at this byte of the output. */
export interface LineRecord {
  readonly line: number
  readonly offset: number
}

/** What a job used at one time. */
export interface UsageRecord {
  /** Milliseconds since 1970. */
  readonly at: number
  /** Percent of one processor, as a mean since the record before. */
  readonly cpuPercent: number
  /** The most since the record before. */
  readonly memoryBytes: number
  /** Since the job began. */
  readonly cpuSeconds: number
}

// Six bytes are enough for 256 TiB.
const WIDTH = 6

/** Records of the file `streams`. */
export const STREAM_RECORD: RecordFormat<StreamRecord> = {
  size: 8,
  read: (bytes, at) => ({
    offset: bytes.readUIntBE(at, WIDTH),
    stream: OUTPUT_STREAMS[bytes.readUInt16BE(at + WIDTH)] ?? 'mixed',
  }),
  write({ offset, stream }, bytes, at) {
    bytes.writeUIntBE(offset, at, WIDTH)
    bytes.writeUInt16BE(OUTPUT_STREAMS.indexOf(stream), at + WIDTH)
  },
}

/** Records of the file `lines`. */
export const LINE_RECORD: RecordFormat<LineRecord> = {
  size: 2 * WIDTH,
  read: (bytes, at) => ({
    line: bytes.readUIntBE(at, WIDTH),
    offset: bytes.readUIntBE(at + WIDTH, WIDTH),
  }),
  write({ line, offset }, bytes, at) {
    bytes.writeUIntBE(line, at, WIDTH)
    bytes.writeUIntBE(offset, at + WIDTH, WIDTH)
  },
}

/** Records of the file `usage`. */
export const USAGE_RECORD: RecordFormat<UsageRecord> = {
  size: 32,
  read: (bytes, at) => ({
    at: bytes.readDoubleBE(at),
    cpuPercent: bytes.readDoubleBE(at + 8),
    memoryBytes: bytes.readDoubleBE(at + 16),
    cpuSeconds: bytes.readDoubleBE(at + 24),
  }),
  write({ at: time, cpuPercent, memoryBytes, cpuSeconds }, bytes, at) {
    bytes.writeDoubleBE(time, at)
    bytes.writeDoubleBE(cpuPercent, at + 8)
    bytes.writeDoubleBE(memoryBytes, at + 16)
    bytes.writeDoubleBE(cpuSeconds, at + 24)
  },
}

/** The bytes of these records. */
export function toBytes<T>(format: RecordFormat<T>, records: readonly T[]): Buffer {
  const bytes = Buffer.alloc(records.length * format.size)
  records.forEach((record, place) => format.write(record, bytes, place * format.size))
  return bytes
}

/** The whole records in these bytes. */
export function fromBytes<T>(format: RecordFormat<T>, bytes: Buffer): T[] {
  const count = Math.floor(bytes.length / format.size)
  return Array.from({ length: count }, (_, place) => format.read(bytes, place * format.size))
}
