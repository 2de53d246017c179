import { setTimeout as delay } from 'node:timers/promises'
import type { OutputReader } from './output-reader.ts'
import { outputType, type OutputType } from './output-streams.ts'
import { innerBytes, wholeCharacters } from './whole-characters.ts'

/** Bytes that are told at once. */
const PIECE = 65_536
/** Milliseconds between two looks for more. */
const LOOK_EVERY = 100

/** Some bytes of an output as text, in order. */
export interface ToldOutput {
  readonly from: number
  /** Where the next piece begins: whoever comes back asks from here. */
  readonly to: number
  readonly pieces: readonly { readonly type: OutputType; readonly text: string }[]
}

/** How much output there is. */
export interface OutputSize {
  readonly lines: number
  readonly bytes: number
  /** True once the job prints nothing more. */
  readonly complete: boolean
}

/** What happens to an output. */
export type OutputEvent =
  | { readonly kind: 'output'; readonly told: ToldOutput }
  | { readonly kind: 'size'; readonly size: OutputSize }

/**
 * Tells an output from a byte on, whole characters only, and what is added; ends when the job has ended and all is told. It
 * reads on only when it is asked to.
 */
export async function* followOutput(parts: {
  /** Opens the output; undefined as long as there is none. */
  readonly open: () => Promise<OutputReader | undefined>
  readonly from: number
  /** True once all is stored that the job has printed. */
  readonly isComplete: () => Promise<boolean>
  readonly signal: AbortSignal
}): AsyncGenerator<OutputEvent> {
  const { signal, from, isComplete } = parts
  let reader: OutputReader | undefined
  let at = from
  let before: OutputSize | undefined
  try {
    while (!signal.aborted) {
      // Asked first: what was stored before the end is there by now.
      const complete = await isComplete()
      reader ??= await parts.open()
      const size = (await reader?.size()) ?? 0
      if (before?.bytes !== size || before.complete !== complete) {
        before = { lines: (await reader?.lines(size)) ?? 0, bytes: size, complete }
        yield { kind: 'size', size: before }
      }
      while (reader !== undefined && at < size && !signal.aborted) {
        const told = await readPieces(reader, at, Math.min(size, at + PIECE))
        if (told.to === at) break
        at = told.to
        if (told.pieces.length > 0) yield { kind: 'output', told }
      }
      if (complete) return
      await delay(LOOK_EVERY, undefined, { signal }).catch(() => undefined)
    }
  } finally {
    await reader?.close()
  }
}

/** The whole characters of these bytes; what is left of one that began before is left out. */
async function readPieces(reader: OutputReader, from: number, end: number): Promise<ToldOutput> {
  const read = await reader.bytes(from, end - from)
  const begin = innerBytes(read)
  const bytes = read.subarray(0, Math.max(begin, wholeCharacters(read)))
  const to = from + bytes.length
  const segments = await reader.segments(from + begin, to)
  const pieces = segments.map((segment) => ({
    type: outputType(segment.stream),
    text: bytes.toString('utf8', segment.from - from, segment.to - from),
  }))
  return { from: from + begin, to, pieces }
}
