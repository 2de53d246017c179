import { execFile } from 'node:child_process'
import { open, stat, truncate, type FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'

/** A file of output that is longer than this, in bytes, is trimmed. */
export const MAX_OUTPUT_BYTES = 8 * 1_048_576
/** What is kept of it, in bytes. */
export const KEPT_OUTPUT_BYTES = 1_048_576

/** Holes in files are made of whole blocks. */
const BLOCK = 4096
/** How far to look for the end of a line, in bytes. */
const LONGEST_LINE = 65_536

/**
 * A file that a job appends to. Trimming punches a hole into it, after its head or else at its beginning: the disk space is
 * given back, no byte moves, so that a reader's place stays right and nothing written meanwhile is lost.
 */
export class OutputFile {
  readonly path: string
  readonly head: number
  #start = 0
  #generation = 0

  /** `head` is how many bytes at the beginning are never trimmed. */
  constructor(path: string, { head = 0 }: { head?: number } = {}) {
    this.path = path
    this.head = head
  }

  /** Where the output that is kept after the head begins, in bytes; there is no gap between them up to the head's end. */
  get start(): number {
    return this.#start
  }

  /** Grows when the file begins anew at its old path, so that places in it mean nothing any more. */
  get generation(): number {
    return this.#generation
  }

  /** How many bytes there are to read. */
  async keptBytes(): Promise<number> {
    const { size } = await stat(this.path)
    return Math.max(0, size - this.#start)
  }

  /** Finds out what is kept, after a restart. */
  async recover(): Promise<void> {
    const { size } = await stat(this.path)
    if (size <= this.head + KEPT_OUTPUT_BYTES) return
    await this.#with(async (file) => {
      const first = this.#firstBlock
      const end = await holeEnd(file, first, size)
      if (end > first * BLOCK) this.#start = await nextLine(file, end)
    })
  }

  /** Gives back the space of old output if there is too much of it. */
  async trim(): Promise<void> {
    const { size } = await stat(this.path)
    if (size - Math.max(this.head, this.#start) <= MAX_OUTPUT_BYTES) return
    const cut = Math.floor((size - KEPT_OUTPUT_BYTES) / BLOCK) * BLOCK
    const from = this.#firstBlock * BLOCK
    // Said before it is done, so that a reader who was below it knows that what he read may be nothing.
    this.#start = await this.#with((file) => nextLine(file, cut))
    try {
      const place = ['--offset', String(from), '--length', String(cut - from)]
      await promisify(execFile)('fallocate', ['--punch-hole', ...place, this.path])
    } catch {
      // Not every file system can do this. The job appends, so that it goes on at the new end.
      this.#start = this.head
      this.#generation++
      await truncate(this.path, this.head)
    }
  }

  /** The first block without a byte of the head. */
  get #firstBlock(): number {
    return Math.ceil(this.head / BLOCK)
  }

  async #with<T>(work: (file: FileHandle) => Promise<T>): Promise<T> {
    const file = await open(this.path)
    try {
      return await work(file)
    } finally {
      await file.close()
    }
  }
}

/** Up to `length` bytes at `position`. */
export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}

/** The end of the hole that begins with the block `first`, its beginning if there is none: a hole reads as zeros. */
async function holeEnd(file: FileHandle, first: number, size: number): Promise<number> {
  const isHole = async (block: number) =>
    (await readAt(file, block * BLOCK, BLOCK)).every((byte) => byte === 0)
  let kept = Math.ceil(size / BLOCK)
  for (let hole = first - 1; kept - hole > 1;) {
    const middle = Math.floor((hole + kept) / 2)
    if (await isHole(middle)) hole = middle
    else kept = middle
  }
  return kept * BLOCK
}

/** The beginning of the first whole line after `position`; `position` itself if no line ends near it. */
async function nextLine(file: FileHandle, position: number): Promise<number> {
  const bytes = await readAt(file, position, LONGEST_LINE)
  return position + bytes.indexOf(10) + 1
}
