import { NO_BYTES, type OutputStreamName, type StreamBytes } from './output-streams.ts'

/** Finds what is new in streams that are told from their beginnings once more: of each, what comes after the bytes that are stored. */
export class SkipStored {
  readonly #skip: Record<OutputStreamName, number>

  constructor(stored: StreamBytes) {
    this.#skip = { ...NO_BYTES, ...stored }
  }

  /** The part of the next bytes of a stream that is not stored yet. */
  take(stream: OutputStreamName, bytes: Buffer): Buffer {
    const skipped = Math.min(this.#skip[stream], bytes.length)
    this.#skip[stream] -= skipped
    return bytes.subarray(skipped)
  }
}
