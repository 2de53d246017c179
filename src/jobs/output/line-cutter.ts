import { isInner } from './whole-characters.ts'

/** A line that is longer than this, in bytes, is cut into several, between two characters. */
export const LONGEST_LINE = 8192

const LINE_END = 10
/** Of what is no UTF-8 more than a character's bytes may seem to belong together. */
const INNER_MOST = 3

/** Finds where lines begin in an output that is told piece by piece; all readers cut it at the same places. */
export class LineCutter {
  #line: number
  #start: number
  #at: number

  /** Begins where a line begins: by itself at the beginning. */
  constructor({ line = 0, offset = 0 }: { line?: number; offset?: number } = {}) {
    this.#line = line
    this.#start = offset
    this.#at = offset
  }

  /** How many bytes of the output have been seen. */
  get at(): number {
    return this.#at
  }

  /** The lines so far; one that has no end yet counts. */
  get lines(): number {
    return this.#at > this.#start ? this.#line + 1 : this.#line
  }

  /** The line that goes on, or begins, with the next byte, and where it begins. */
  get current(): { readonly line: number; readonly offset: number } {
    return { line: this.#line, offset: this.#start }
  }

  /** Takes the next bytes, and tells each line that begins after a byte of them or before. */
  push(bytes: Uint8Array, onBegin: (line: number, offset: number) => void = () => {}): void {
    const base = this.#at
    const { length } = bytes
    for (let place = 0; place < length;) {
      const tooLong = this.#start + LONGEST_LINE - base
      const end = Math.min(length, tooLong)
      while (place < end && bytes[place] !== LINE_END) place++
      if (place === length) break
      const byte = bytes[place] ?? 0
      if (byte === LINE_END) place++
      else if (isInner(byte) && place < tooLong + INNER_MOST) {
        place++
        continue
      }
      this.#line++
      this.#start = base + place
      onBegin(this.#line, this.#start)
    }
    this.#at = base + length
  }
}
