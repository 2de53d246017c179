import {
  CHUNK_LINES,
  chunkOf,
  chunksOf,
  chunksToForget,
  isStale,
  type LineChunk,
  type ShownLine,
} from './line-chunk.ts'
import { grownSize, type LinesAnswer, type OutputSize } from './output-line.ts'

const AT_ONCE = 2
// Two MB of text, as JavaScript keeps most of it; or four if it is not Latin.
const LIMITS = { most: 2_000_000, chunks: 60 }
const RETRY_MS = 2000
const GROW_EVERY_MS = 300

/** What is known of a job's output. */
export interface WindowsState {
  readonly size: OutputSize | null
  /** Why the lines that are to be seen could not be read; it is tried again by itself. */
  readonly error: Error | null
  /** Grows with every change of a line. */
  readonly revision: number
}

/** The lines of a job's output around what is looked at: read as they are wanted, forgotten when there are too many. */
export class LineWindows {
  readonly #read: (from: number, count: number, signal: AbortSignal) => Promise<LinesAnswer>
  readonly #chunks = new Map<number, LineChunk>()
  readonly #reading = new Map<number, AbortController>()
  readonly #listeners = new Set<() => void>()
  #wanted: { readonly first: number; readonly last: number } = { first: 0, last: 0 }
  #state: WindowsState = { size: null, error: null, revision: 0 }
  #retry: ReturnType<typeof setTimeout> | undefined
  #told: OutputSize | null = null
  #growing: ReturnType<typeof setTimeout> | undefined
  #grewAt = 0

  constructor({
    read,
  }: {
    read: (from: number, count: number, signal: AbortSignal) => Promise<LinesAnswer>
  }) {
    this.#read = read
  }

  /** What is known now; the same object until it changes. */
  readonly state = (): WindowsState => this.#state

  /** Calls the listener after every change, until the returned function is called. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The line `number` if it is here. */
  line(number: number): ShownLine | undefined {
    return this.#chunks.get(Math.floor(number / CHUNK_LINES))?.lines[number % CHUNK_LINES]
  }

  /** The last line, from 0, up to which the output was read with so many lines before it; its end if none was. */
  readEnd(rows: number): number {
    const { size } = this.#state
    if (size === null) return 0
    const last = Math.max(...this.#chunks.keys())
    const end = last * CHUNK_LINES + (this.#chunks.get(last)?.lines.length ?? 0)
    const isRead = end > 0 && this.line(Math.max(0, end - rows)) !== undefined
    return isRead && end < size.lines ? end : size.lines
  }

  /** Says which lines are looked at; they are read if they are not here. */
  want(first: number, last: number): void {
    this.#wanted = { first, last }
    this.#go()
  }

  /** Says how much output there is by now; taken over a few times a second, for what is looked at is read each time. */
  grown(told: OutputSize): void {
    this.#told = grownSize(this.#told, told)
    this.#growing ??= setTimeout(() => this.#grow(), this.#grewAt + GROW_EVERY_MS - Date.now())
  }

  /** Ends all reading. */
  stop(): void {
    clearTimeout(this.#retry)
    clearTimeout(this.#growing)
    this.#growing = undefined
    for (const reading of this.#reading.values()) reading.abort()
    this.#reading.clear()
  }

  #grow(): void {
    this.#growing = undefined
    this.#grewAt = Date.now()
    const size = this.#told === null ? null : grownSize(this.#state.size, this.#told)
    if (size === this.#state.size) return
    this.#tell({ size })
    this.#go()
  }

  #go(): void {
    const { size } = this.#state
    const { first, last } = this.#wanted
    const wanted = size === null ? [0] : chunksOf(first, last, size.lines)
    for (const [index, reading] of this.#reading) {
      if (wanted.includes(index)) continue
      reading.abort()
      this.#reading.delete(index)
    }
    for (const index of wanted) {
      if (this.#reading.size >= AT_ONCE) break
      const chunk = this.#chunks.get(index)
      const isHere = chunk !== undefined && size !== null && !isStale(index, chunk, size)
      if (!isHere && !this.#reading.has(index)) void this.#readChunk(index, wanted)
    }
  }

  async #readChunk(index: number, wanted: readonly number[]): Promise<void> {
    const reading = new AbortController()
    this.#reading.set(index, reading)
    try {
      const answer = await this.#read(index * CHUNK_LINES, CHUNK_LINES, reading.signal)
      if (reading.signal.aborted) return
      this.#reading.delete(index)
      this.#keep(index, answer, wanted)
      this.#go()
    } catch (error) {
      if (reading.signal.aborted) return
      this.#reading.delete(index)
      this.#tell({ error: error instanceof Error ? error : new Error(String(error)) })
      clearTimeout(this.#retry)
      this.#retry = setTimeout(() => this.#go(), RETRY_MS)
    }
  }

  #keep(index: number, answer: LinesAnswer, wanted: readonly number[]): void {
    this.#chunks.delete(index)
    this.#chunks.set(index, chunkOf(answer, this.#chunks.get(index - 1)?.after ?? ''))
    for (const old of chunksToForget(this.#chunks, wanted, LIMITS)) this.#chunks.delete(old)
    const { total, bytes, complete } = answer
    const size = grownSize(this.#state.size, { lines: total, bytes, complete })
    this.#tell({ size, error: null })
  }

  #tell(changes: Partial<WindowsState>): void {
    this.#state = { ...this.#state, ...changes, revision: this.#state.revision + 1 }
    for (const listener of this.#listeners) listener()
  }
}
