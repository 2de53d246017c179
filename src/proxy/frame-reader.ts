const MASK_BYTES = 4
const MASKED = 0x80
const COMPRESSED = 0x40
const TEXT = 1
const BINARY = 2

/** A frame of a WebSocket that begins a message, as it was sent (RFC 6455, 5.2). */
export interface Frame {
  /** True if its payload is compressed (RFC 7692). */
  readonly compressed: boolean
  /** Bytes of the whole payload. */
  readonly length: number
  /** The first bytes of the payload, unmasked. */
  readonly start: Buffer
}

/**
 * Reads along what a browser sends on a WebSocket, in pieces of any size, and tells the beginning of each message. It
 * looks at headers and first bytes only, and holds no more than these; pings, pongs and closes are no messages.
 */
export class FrameReader {
  readonly #startBytes: number
  readonly #onFrame: (frame: Frame) => void
  #header = Buffer.alloc(0)
  #start: Buffer | undefined
  #filled = 0
  #left = 0

  /** `startBytes` is how many bytes of a payload are told. */
  constructor(parts: { startBytes: number; onFrame: (frame: Frame) => void }) {
    this.#startBytes = parts.startBytes
    this.#onFrame = parts.onFrame
  }

  /** Takes the next bytes. */
  take(chunk: Buffer): void {
    let rest = chunk
    while (rest.length > 0) {
      if (this.#left === 0) rest = this.#takeHeader(rest)
      else {
        const payload = rest.subarray(0, this.#left)
        rest = rest.subarray(payload.length)
        this.#left -= payload.length
        this.#takePayload(payload)
      }
    }
  }

  #takeHeader(bytes: Buffer): Buffer {
    const known = this.#header.length
    const header = known === 0 ? bytes : Buffer.concat([this.#header, bytes.subarray(0, 14)])
    const size = headerSize(header)
    if (size === undefined || header.length < size) {
      this.#header = Buffer.from(header)
      return bytes.subarray(bytes.length)
    }
    this.#left = payloadLength(header)
    const isMessage = ((header[0] ?? 0) & 0xf) === TEXT || ((header[0] ?? 0) & 0xf) === BINARY
    this.#header = isMessage ? Buffer.from(header.subarray(0, size)) : Buffer.alloc(0)
    if (isMessage) {
      this.#start = Buffer.allocUnsafe(Math.min(this.#left, this.#startBytes))
      this.#filled = 0
      if (this.#left === 0) this.#tell(this.#start, 0)
    }
    return bytes.subarray(size - known)
  }

  #takePayload(payload: Buffer): void {
    const start = this.#start
    if (start === undefined) return
    this.#filled += payload.copy(start, this.#filled)
    if (this.#filled === start.length) this.#tell(start, payloadLength(this.#header))
  }

  #tell(start: Buffer, length: number): void {
    const [first = 0, second = 0] = this.#header
    if ((second & MASKED) !== 0) unmask(start, this.#header.subarray(-MASK_BYTES))
    this.#start = undefined
    this.#header = Buffer.alloc(0)
    this.#onFrame({ compressed: (first & COMPRESSED) !== 0, length, start })
  }
}

function headerSize([, second]: Buffer): number | undefined {
  if (second === undefined) return undefined
  const length = second & ~MASKED
  const mask = (second & MASKED) === 0 ? 0 : MASK_BYTES
  return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + mask
}

function payloadLength(header: Buffer): number {
  const length = (header[1] ?? 0) & ~MASKED
  if (length === 126) return header.readUInt16BE(2)
  return length === 127 ? Number(header.readBigUInt64BE(2)) : length
}

function unmask(bytes: Buffer, mask: Buffer): void {
  for (const [index, byte] of bytes.entries()) {
    bytes[index] = byte ^ (mask[index % MASK_BYTES] ?? 0)
  }
}
