import type { JobOutput } from '../../launcher/job.ts'

/** The bytes of text that comes in pieces: a character that two pieces share is put together again. */
export class TextPieces {
  readonly #halves = new Map<JobOutput['type'], string>()

  /** The bytes of the next piece of a stream. */
  bytes({ type, output }: JobOutput): Buffer {
    const text = (this.#halves.get(type) ?? '') + output
    this.#halves.delete(type)
    if (!isFirstHalf(text.charCodeAt(text.length - 1))) return Buffer.from(text)
    this.#halves.set(type, text.slice(-1))
    return Buffer.from(text.slice(0, -1))
  }
}

/** True for the first of two units of UTF-16 that are one character. */
function isFirstHalf(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
