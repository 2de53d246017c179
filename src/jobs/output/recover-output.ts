import { readAt } from './read-write.ts'
import type { FileHandle } from 'node:fs/promises'
import { LineCutter } from './line-cutter.ts'
import type { OutputHandles } from './output-handles.ts'
import { NO_BYTES, type OutputStreamName, type StreamBytes } from './output-streams.ts'
import { RecordFile } from './record-file.ts'
import { LINE_RECORD, STREAM_RECORD, type StreamRecord } from './records.ts'
import { wholeCharacters } from './whole-characters.ts'

const CHUNK = 262_144

/** What the files of an output hold, whenever their writer was broken off. */
export interface StoredOutput {
  /** Bytes of output. */
  readonly size: number
  /** How many of them are of which stream. */
  readonly stored: StreamBytes
  /** The stream of the last byte; undefined without any. */
  readonly stream: OutputStreamName | undefined
  readonly streamRecords: number
  readonly lineRecords: number
  /** Where the last line of the index begins. */
  readonly indexed: number
  /** Has seen all of the output. */
  readonly cutter: LineCutter
}

/**
 * Finds out where the files of an output end, and cuts off what was written by half: a character without its end, and
 * records of bytes that never came.
 */
export async function recoverOutput(files: OutputHandles): Promise<StoredOutput> {
  const written = (await files.output.stat()).size
  const streams = new RecordFile({ file: files.streams, format: STREAM_RECORD })
  const last = await streams.lastPlace(({ offset }) => offset < written)
  const [record] = last < 0 ? [] : await streams.read(last, 1)
  // What no stream is known of, because records were lost, is told once more.
  const size = record === undefined ? 0 : await wholeSize(files.output, record.offset, written)
  const isEmptied = record === undefined || size <= record.offset
  const count = isEmptied ? Math.max(0, last) : last + 1
  await files.output.truncate(size)
  await files.streams.truncate(count * STREAM_RECORD.size)
  const [before] = isEmptied && count > 0 ? await streams.read(count - 1, 1) : []
  return {
    size,
    stored: await storedBytes(streams, size),
    stream: isEmptied ? before?.stream : record.stream,
    streamRecords: count,
    ...(await recoverLines(files, size)),
  }
}

async function wholeSize(output: FileHandle, begin: number, end: number): Promise<number> {
  const from = Math.max(begin, end - 4)
  return from + wholeCharacters(await readAt(output, from, end - from))
}

async function storedBytes(streams: RecordFile<StreamRecord>, size: number): Promise<StreamBytes> {
  const stored: Record<OutputStreamName, number> = { ...NO_BYTES }
  let open: StreamRecord | undefined
  for await (const records of streams.from(0)) {
    for (const record of records) {
      if (open !== undefined) stored[open.stream] += record.offset - open.offset
      open = record
    }
  }
  if (open !== undefined) stored[open.stream] += size - open.offset
  return stored
}

async function recoverLines(files: OutputHandles, size: number) {
  const lines = new RecordFile({ file: files.lines, format: LINE_RECORD })
  const last = await lines.lastPlace(({ offset }) => offset <= size)
  const [record] = last < 0 ? [] : await lines.read(last, 1)
  await files.lines.truncate((last + 1) * LINE_RECORD.size)
  const cutter = new LineCutter(record)
  while (cutter.at < size) {
    const length = Math.min(CHUNK, size - cutter.at)
    cutter.push(await readAt(files.output, cutter.at, length))
  }
  return { lineRecords: last + 1, indexed: record?.offset ?? 0, cutter }
}
