import type { Activity } from './parts.ts'

const ONCE_PER_MS = 1000

const PING = 0x89
const PONG = 0x8a
const MASKED = 0x80
const HEADER_AND_MASK_BYTES = 6

/** Passes uses of sessions on, at most once a second for each, as there may be thousands of requests. */
export class ThrottledActivity implements Activity {
  readonly #activity: Activity
  readonly #toldAt = new Map<string, number>()

  constructor({ activity }: { activity: Activity }) {
    this.#activity = activity
  }

  used(id: string): void {
    const now = performance.now()
    if (now - (this.#toldAt.get(id) ?? -Infinity) < ONCE_PER_MS) return
    this.#toldAt.set(id, now)
    this.#activity.used(id)
  }

  began(id: string): void {
    this.#activity.began(id)
  }

  ended(id: string): void {
    this.#activity.ended(id)
  }

  /** Forgets a session that is gone. */
  forget(id: string): void {
    this.#toldAt.delete(id)
  }
}

/**
 * True if these bytes from a browser are one WebSocket ping or pong (RFC 6455, 5.5) and nothing else: browsers answer
 * the pings of Jupyter by themselves, so that is no sign of anybody working.
 */
export function isOnlyPingOrPong(chunk: Uint8Array): boolean {
  const [opcode, length = 0] = chunk
  if (opcode !== PING && opcode !== PONG) return false
  return chunk.length === HEADER_AND_MASK_BYTES + (length & ~MASKED)
}
