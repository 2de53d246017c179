import { randomBytes } from 'node:crypto'

const BINARY = 0x82
const MASKED = 0x80

/** One binary message as a browser sends it: a single masked frame (RFC 6455, 5.2). */
export function clientFrame(payload: Buffer): Buffer {
  const mask = randomBytes(4)
  const masked = Buffer.from(payload)
  for (let index = 0; index < masked.length; index++) {
    masked[index] = (masked[index] ?? 0) ^ (mask[index % 4] ?? 0)
  }
  return Buffer.concat([head(payload.length, MASKED), mask, masked])
}

/** One binary message as a server sends it. */
export function serverFrame(payload: Buffer): Buffer {
  return Buffer.concat([head(payload.length, 0), payload])
}

function head(length: number, masked: number): Buffer {
  if (length < 126) return Buffer.from([BINARY, masked | length])
  const bytes = Buffer.alloc(length < 65_536 ? 4 : 10)
  bytes[0] = BINARY
  if (bytes.length === 4) {
    bytes[1] = masked | 126
    bytes.writeUInt16BE(length, 2)
  } else {
    bytes[1] = masked | 127
    bytes.writeBigUInt64BE(BigInt(length), 2)
  }
  return bytes
}

/**
 * Counts the echoes of one and the same message in a stream of bytes. Each must be exactly `expected`, which is compared
 * in full for the first, and by its first and last bytes for the others, so that counting costs next to nothing.
 */
export class EchoCounter {
  readonly #expected: Buffer
  #first: Buffer | undefined = Buffer.alloc(0)
  #position = 0

  constructor(expected: Buffer) {
    this.#expected = expected
  }

  /** Takes the next bytes and answers how many echoes ended in them. Throws if they are something else. */
  take(chunk: Buffer): number {
    let echoes = 0
    for (let offset = 0; offset < chunk.length;) {
      const length = Math.min(chunk.length - offset, this.#expected.length - this.#position)
      this.#check(chunk.subarray(offset, offset + length))
      this.#position += length
      offset += length
      if (this.#position < this.#expected.length) continue
      this.#position = 0
      echoes += 1
      this.#first = undefined
    }
    return echoes
  }

  #check(bytes: Buffer): void {
    const last = this.#position + bytes.length - 1
    const same =
      this.#first === undefined
        ? bytes[0] === this.#expected[this.#position] && bytes.at(-1) === this.#expected[last]
        : bytes.equals(this.#expected.subarray(this.#position, last + 1))
    if (!same) throw new Error('an echo differs from what was sent')
  }
}
