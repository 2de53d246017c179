import { styleAfter } from './escape-sequences.ts'
import type { LinesAnswer, LineType, OutputSize } from './output-line.ts'

/** Lines that are read at a time; a chunk begins at a multiple of it. */
export const CHUNK_LINES = 200

/** A line to be shown. */
export interface ShownLine {
  readonly text: string
  readonly type: LineType
  /** The styles that lines before it have set, as sequences. */
  readonly before: string
}

/** The lines of one chunk, as far as there were any when it was read. */
export interface LineChunk {
  readonly lines: readonly ShownLine[]
  /** The styles at its end. */
  readonly after: string
  /** How much output there was when it was read. */
  readonly bytes: number
  /** UTF-16 units of its text. */
  readonly length: number
}

/** A chunk of what the API answered; its first line begins with the styles `before`. */
export function chunkOf({ lines, bytes }: LinesAnswer, before: string): LineChunk {
  let style = before
  let length = 0
  const shown = lines.slice(0, CHUNK_LINES).map(({ text, type }) => {
    const line = { text, type, before: style }
    style = styleAfter(style, text)
    length += text.length
    return line
  })
  return { lines: shown, after: style, bytes, length }
}

/** True if the chunk `index` has to be read again, as it has grown since. */
export function isStale(index: number, chunk: LineChunk, size: OutputSize): boolean {
  if (chunk.bytes >= size.bytes) return false
  const here = Math.min(CHUNK_LINES, size.lines - index * CHUNK_LINES)
  // The last line may be one that is still being written, or was when it was read.
  const hadLast = chunk.lines.length < CHUNK_LINES
  return chunk.lines.length < here || hadLast || (index + 1) * CHUNK_LINES >= size.lines
}

/** The chunks with the lines from `first` to `last`, which there are; those in the middle first. */
export function chunksOf(first: number, last: number, lines: number): readonly number[] {
  if (lines === 0) return []
  const from = Math.floor(Math.max(0, first) / CHUNK_LINES)
  const to = Math.floor(Math.min(last, lines - 1) / CHUNK_LINES)
  const middle = (from + to) / 2
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n).toSorted(
    (a, b) => Math.abs(a - middle) - Math.abs(b - middle),
  )
}

/** Which chunks to forget so that no more than `most` UTF-16 units and `chunks` chunks are kept: the least lately used, none of `wanted`. */
export function chunksToForget(
  kept: ReadonlyMap<number, LineChunk>,
  wanted: readonly number[],
  { most, chunks }: { readonly most: number; readonly chunks: number },
): readonly number[] {
  let length = [...kept.values()].reduce((sum, chunk) => sum + chunk.length, 0)
  let count = kept.size
  const forgotten: number[] = []
  // A map has its oldest entry first.
  for (const [index, chunk] of kept) {
    if (length <= most && count <= chunks) break
    if (wanted.includes(index)) continue
    forgotten.push(index)
    length -= chunk.length
    count -= 1
  }
  return forgotten
}
