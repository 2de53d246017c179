/** Largest message of the plugin protocol in bytes, without its length prefix, where nothing else is configured. */
export const MAX_MESSAGE_BYTES = 5_242_880

/** Bytes on the wire that are not the plugin protocol; the stream they came from cannot be read any further. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
}

/**
 * A message as a frame: its length as four bytes, big-endian, then JSON. Throws ProtocolError if the JSON has more than
 * `maximum` bytes.
 */
export function encodeFrame(message: object, maximum: number = MAX_MESSAGE_BYTES): Buffer {
  const body = Buffer.from(JSON.stringify(message))
  if (body.length > maximum) {
    throw new ProtocolError(`a message of ${body.length} bytes is more than ${maximum}`)
  }
  const frame = Buffer.allocUnsafe(4 + body.length)
  frame.writeUInt32BE(body.length)
  body.copy(frame, 4)
  return frame
}

/** Cuts a stream of bytes into messages, however the bytes are split into chunks. Not usable after it has thrown. */
export class FrameDecoder {
  readonly #maximum: number
  #chunks: Buffer[] = []
  #length = 0
  #needed = 4
  #size = 0

  /** `maximum` is the most bytes of JSON that a message may have. */
  constructor({ maximum = MAX_MESSAGE_BYTES }: { maximum?: number } = {}) {
    this.#maximum = maximum
  }

  /** The bytes of JSON of the message that was told last. */
  get size(): number {
    return this.#size
  }

  /** The messages that `chunk` completes, in order. Throws ProtocolError after the last good one. */
  *decode(chunk: Buffer): Generator<unknown> {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    // Joined only when a frame is complete, so that a large frame in small chunks is copied once.
    if (this.#length < this.#needed) return
    let rest = Buffer.concat(this.#chunks)
    while (rest.length >= (this.#needed = 4 + frameLength(rest, this.#maximum))) {
      const message = parseMessage(rest.subarray(4, this.#needed))
      this.#size = this.#needed - 4
      yield message
      rest = rest.subarray(this.#needed)
    }
    this.#chunks = [rest]
    this.#length = rest.length
  }
}

/** The length that a frame announces, or 0 as long as fewer than four bytes are there. */
function frameLength(bytes: Buffer, maximum: number): number {
  if (bytes.length < 4) return 0
  const length = bytes.readUInt32BE()
  if (length === 0) throw new ProtocolError('a frame is empty')
  if (length > maximum) {
    throw new ProtocolError(`a frame of ${length} bytes is more than ${maximum}`)
  }
  return length
}

function parseMessage(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    // The content is not quoted: it may hold the environment of a job.
    throw new ProtocolError(`a frame of ${body.length} bytes is not JSON`)
  }
}
