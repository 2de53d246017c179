/** Largest message of the plugin protocol in bytes, without its length prefix (Posit's `max-message-size`). */
export const MAX_MESSAGE_BYTES = 5_242_880

/** The version of Posit's Launcher Plugin API that is spoken; plugins must agree in `major`. */
export const API_VERSION = { major: 3, minor: 7, patch: 0 } as const

/** Values of `messageType` in requests to a plugin. */
export const REQUEST = {
  heartbeat: 0,
  bootstrap: 1,
  submit: 2,
  get: 3,
  status: 4,
  control: 5,
  output: 6,
  usage: 7,
  network: 8,
  clusterInfo: 9,
} as const

/** Values of `messageType` in a plugin's responses. */
export const RESPONSE = {
  error: -1,
  heartbeat: 0,
  bootstrap: 1,
  jobs: 2,
  status: 3,
  control: 4,
  output: 5,
  usage: 6,
  network: 7,
  clusterInfo: 8,
} as const

/** Bytes on the wire that are not the plugin protocol; the stream they came from cannot be read any further. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
}

/** A message as a frame: its length as four bytes, big-endian, then JSON. Throws ProtocolError if it is too large. */
export function encodeFrame(message: object): Buffer {
  const body = Buffer.from(JSON.stringify(message))
  if (body.length > MAX_MESSAGE_BYTES) {
    throw new ProtocolError(`a message of ${body.length} bytes is more than ${MAX_MESSAGE_BYTES}`)
  }
  const frame = Buffer.allocUnsafe(4 + body.length)
  frame.writeUInt32BE(body.length)
  body.copy(frame, 4)
  return frame
}

/** Cuts a stream of bytes into messages, however the bytes are split into chunks. Not usable after it has thrown. */
export class FrameDecoder {
  #chunks: Buffer[] = []
  #length = 0
  #needed = 4;

  /** The messages that `chunk` completes, in order. Throws ProtocolError after the last good one. */
  *decode(chunk: Buffer): Generator<unknown> {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    // Joined only when a frame is complete, so that a large frame in small chunks is copied once.
    if (this.#length < this.#needed) return
    let rest = Buffer.concat(this.#chunks)
    while (rest.length >= (this.#needed = 4 + frameLength(rest))) {
      yield parseMessage(rest.subarray(4, this.#needed))
      rest = rest.subarray(this.#needed)
    }
    this.#chunks = [rest]
    this.#length = rest.length
  }
}

/** The length that a frame announces, or 0 as long as fewer than four bytes are there. */
function frameLength(bytes: Buffer): number {
  if (bytes.length < 4) return 0
  const length = bytes.readUInt32BE()
  if (length === 0) throw new ProtocolError('a frame is empty')
  if (length > MAX_MESSAGE_BYTES) {
    throw new ProtocolError(`a frame of ${length} bytes is more than ${MAX_MESSAGE_BYTES}`)
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
