import { LineCutter } from './line-cutter.ts'
import type { OutputReader, Segment } from './output-reader.ts'
import { outputType, type OutputType } from './output-streams.ts'

/** One line of an output, without its end. */
export interface OutputLine {
  readonly text: string
  /** `mixed` if several streams have written it. */
  readonly type: OutputType
}

/** Some lines of an output, and how many there are. */
export interface OutputLines {
  readonly lines: readonly OutputLine[]
  /** The number of the first of them, counted from 0. */
  readonly from: number
  /** The byte at which it begins; the end of the output if there is none. */
  readonly at: number
  readonly total: number
  /** The size of the whole output, in bytes. */
  readonly bytes: number
}

/** Up to `count` lines from the line `from` on. */
export async function readLines(
  reader: OutputReader,
  from: number,
  count: number,
): Promise<OutputLines> {
  const size = await reader.size()
  const { starts, end } = await findLines(reader, { from, count, size })
  const [begin = end] = starts
  const bytes = await reader.bytes(begin, end - begin)
  const segments = await reader.segments(begin, end)
  const types = new LineTypes(segments)
  const lines = starts.map((start, place): OutputLine => {
    const next = starts[place + 1] ?? end
    const line = withoutEnd(bytes.subarray(start - begin, next - begin))
    return { text: line.toString('utf8'), type: types.next(start, next) }
  })
  return { lines, from, at: begin, total: await reader.lines(size), bytes: size }
}

/** A line without the byte that ends it. */
export function withoutEnd(line: Buffer): Buffer {
  return line.at(-1) === 10 ? line.subarray(0, -1) : line
}

/** Where the lines begin that are looked for, and where the last of them ends. */
async function findLines(
  reader: OutputReader,
  { from, count, size }: { from: number; count: number; size: number },
): Promise<{ readonly starts: readonly number[]; readonly end: number }> {
  const known = await reader.indexed(from)
  const cutter = new LineCutter(known)
  const starts: number[] = []
  let end = size
  const begin = (line: number, offset: number) => {
    if (line === from + count) end = offset
    else if (line >= from && line < from + count && offset < size) starts.push(offset)
  }
  begin(known.line, known.offset)
  for await (const bytes of reader.chunks(known.offset, size)) {
    cutter.push(bytes, begin)
    if (end < size) break
  }
  return { starts, end }
}

/** Finds out of what type lines are that follow one another. */
class LineTypes {
  readonly #segments: readonly Segment[]
  #place = 0

  constructor(segments: readonly Segment[]) {
    this.#segments = segments
  }

  next(from: number, to: number): OutputType {
    while ((this.#segments[this.#place]?.to ?? Infinity) <= from) this.#place++
    const first = this.#segments[this.#place]
    const type = outputType(first?.stream ?? 'mixed')
    for (let place = this.#place + 1; ; place++) {
      const segment = this.#segments[place]
      if (segment === undefined || segment.from >= to) return type
      if (outputType(segment.stream) !== type) return 'mixed'
    }
  }
}
