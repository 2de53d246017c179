import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import type { Clock } from './clock.ts'
import type { Rejection } from './datagram-counts.ts'
import { ReplayWindow } from './replay-window.ts'

const KEY_BYTES = 32
const KEY_ID_BYTES = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const TIME_BYTES = 6
/** Two members' clocks may be so far apart: each may be 30 s off a third one. */
const MAX_AGE_MS = 60_000

/** By so many bytes is a sealed datagram longer than what it carries. */
export const SEAL_BYTES = KEY_ID_BYTES + NONCE_BYTES + TIME_BYTES + TAG_BYTES

/** The longest datagram there is: what IPv6 carries everywhere in one piece. */
export const MAX_DATAGRAM_BYTES = 1280 - 40 - 8

/** The key of 32 bytes for the gossip that belongs to a cluster's secret; the secret may serve other ends as well. */
export function gossipKey(secret: string | Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', 'atelier gossip', KEY_BYTES))
}

/**
 * Seals datagrams for the members of one cluster (AES-256-GCM) and opens theirs: key id, nonce, sealed time and payload, tag.
 * The first key seals, all open, so that a key can be changed while the cluster runs: add the new one last everywhere, then
 * put it first everywhere, then take the old one away. Nonces are random, so change the key after some 2^36 datagrams: a year
 * of 50 members at work.
 */
export class DatagramSeal {
  readonly #keys: readonly { readonly id: number; readonly key: Uint8Array }[]
  readonly #first: { readonly id: number; readonly key: Uint8Array }
  readonly #label: Buffer
  readonly #clock: Clock
  readonly #seen = new ReplayWindow({ ms: 2 * MAX_AGE_MS })

  /** `label` keeps clusters with the same key apart. Throws if there is no key, or one is not 32 bytes long. */
  constructor({
    keys,
    label,
    clock,
  }: {
    keys: readonly Uint8Array[]
    label: string
    clock: Clock
  }) {
    if (keys.some((key) => key.length !== KEY_BYTES)) {
      throw new RangeError(`a gossip key must be ${KEY_BYTES} bytes long`)
    }
    this.#keys = keys.map((key) => ({ id: keyId(key), key }))
    const [first] = this.#keys
    if (!first) throw new RangeError('the gossip needs a key')
    this.#first = first
    this.#label = Buffer.from(`atelier gossip 1 ${label}`)
    this.#clock = clock
  }

  /** The datagram that only members can open. */
  seal(payload: Uint8Array): Uint8Array {
    const { id, key } = this.#first
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    cipher.setAAD(this.#label)
    const time = Buffer.alloc(TIME_BYTES)
    time.writeUIntBE(this.#clock.wall(), 0, TIME_BYTES)
    return Buffer.concat([
      Buffer.of(id),
      nonce,
      cipher.update(time),
      cipher.update(payload),
      cipher.final(),
      cipher.getAuthTag(),
    ])
  }

  /** What the datagram carries, or why it is not to be trusted. Never throws. */
  open(datagram: Uint8Array): { payload: Buffer } | { rejected: Rejection } {
    if (datagram.length <= SEAL_BYTES) return { rejected: 'too-short' }
    if (datagram.length > MAX_DATAGRAM_BYTES) return { rejected: 'too-large' }
    const keys = this.#keys.filter(({ id }) => id === datagram[0])
    if (keys.length === 0) return { rejected: 'unknown-key' }
    const opened = keys
      .map(({ key }) => this.#decrypt(datagram, key))
      .find((text) => text !== undefined)
    if (!opened) return { rejected: 'bad-seal' }
    const sealedAt = opened.readUIntBE(0, TIME_BYTES)
    if (Math.abs(this.#clock.wall() - sealedAt) > MAX_AGE_MS) return { rejected: 'wrong-time' }
    const nonce = Buffer.from(datagram.subarray(KEY_ID_BYTES, KEY_ID_BYTES + NONCE_BYTES))
    if (!this.#seen.isNew(nonce.toString('latin1'), this.#clock.monotonic())) {
      return { rejected: 'replayed' }
    }
    return { payload: opened.subarray(TIME_BYTES) }
  }

  #decrypt(datagram: Uint8Array, key: Uint8Array): Buffer | undefined {
    const text = KEY_ID_BYTES + NONCE_BYTES
    const tag = datagram.length - TAG_BYTES
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, datagram.subarray(KEY_ID_BYTES, text), {
        authTagLength: TAG_BYTES,
      })
      decipher.setAAD(this.#label)
      decipher.setAuthTag(datagram.subarray(tag))
      return Buffer.concat([decipher.update(datagram.subarray(text, tag)), decipher.final()])
    } catch {
      return undefined
    }
  }
}

function keyId(key: Uint8Array): number {
  return createHash('sha256').update('atelier gossip key id').update(key).digest().readUInt8(0)
}
