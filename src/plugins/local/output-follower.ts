import type { FileHandle } from 'node:fs/promises'
import { open } from 'node:fs/promises'
import { StringDecoder } from 'node:string_decoder'
import { fromWholeCharacter } from '../../launcher/output-tail.ts'
import { readAt, type OutputFile } from './output-file.ts'

/** Told in place of output that is kept no more. */
export const TRUNCATED = '\n[… output truncated …]\n'

/** Bytes that are read at once. */
const CHUNK = 65_536

/** Reads one file of output from its beginning as it grows: each byte once, whole characters, gaps marked. */
export class OutputFollower {
  readonly #output: OutputFile
  readonly #file: FileHandle
  #decoder = new StringDecoder('utf8')
  #position = 0
  #generation: number

  private constructor(output: OutputFile, file: FileHandle) {
    this.#output = output
    this.#file = file
    this.#generation = output.generation
  }

  /** Begins at the beginning; `close` it in the end. Throws ENOENT when the output is gone. */
  static async open(output: OutputFile): Promise<OutputFollower> {
    return new OutputFollower(output, await open(output.path))
  }

  /** What is new, in pieces; ends when there is nothing new for now. */
  async *read(): AsyncGenerator<string> {
    for (;;) {
      if (this.#lostItsPlace()) {
        this.#position = this.#output.start
        this.#generation = this.#output.generation
        this.#decoder = new StringDecoder('utf8')
        yield TRUNCATED
      }
      const { start, head, generation } = this.#output
      const isBeforeGap = this.#position < head && start > head
      const length = isBeforeGap ? Math.min(CHUNK, head - this.#position) : CHUNK
      const bytes = await readAt(this.#file, this.#position, length)
      // What was read may have been trimmed at the same time.
      if (this.#output.start !== start || this.#output.generation !== generation) continue
      if (bytes.length === 0) return
      this.#position += bytes.length
      const text = this.#decoder.write(bytes)
      if (text !== '') yield text
    }
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  #lostItsPlace(): boolean {
    const { head, start, generation } = this.#output
    if (this.#position > head) return this.#position < start || this.#generation !== generation
    // Nothing was read yet of what may be trimmed.
    this.#generation = generation
    return this.#position === head && start > head
  }
}

/** How many of the last `bytes` to take of two outputs of these sizes: a half of each, or more where one has less. */
export function shareTail(
  sizes: { readonly stdout: number; readonly stderr: number },
  bytes: number,
): { stdout: number; stderr: number } {
  const stderr = Math.min(sizes.stderr, Math.max(Math.floor(bytes / 2), bytes - sizes.stdout))
  return { stdout: Math.min(sizes.stdout, bytes - stderr), stderr }
}

/** The last `count` bytes that are kept of an output, from the next whole character. */
export async function readTail(output: OutputFile, count: number): Promise<string> {
  const file = await open(output.path)
  try {
    const { size } = await file.stat()
    const position = Math.max(output.start, size - count)
    const bytes = await readAt(file, position, size - position)
    return fromWholeCharacter(bytes).toString('utf8')
  } finally {
    await file.close()
  }
}
