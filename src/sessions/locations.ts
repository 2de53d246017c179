import { EventEmitter } from 'node:events'
import type { Session } from './session.ts'

/** What the cache tells: a session that is new or changed, and one that is gone. */
export interface LocationEvents {
  changed: [session: Session, before: Session | undefined]
  removed: [session: Session]
}

/** How long late news may be under way, in ms. */
const TOMBSTONE_MS = 10 * 60_000

/**
 * Every session there is, in memory, so that a request to a live session costs no query and works while the database is
 * down. The table is the truth; a row is taken over only if its version is newer.
 */
export class Locations extends EventEmitter<LocationEvents> {
  readonly #sessions = new Map<string, Session>()
  /** Ids of sessions that are gone, with when that was learnt in ms: late news of them must not bring them back. */
  readonly #tombstones = new Map<string, number>()

  /** The session with this id; synchronous and from memory. */
  get(id: string): Session | undefined {
    return this.#sessions.get(id)
  }

  /** All sessions, in no particular order. */
  all(): readonly Session[] {
    return [...this.#sessions.values()]
  }

  /** Takes over rows that were read or written; older versions than the known ones are ignored. */
  apply(rows: readonly Session[]): void {
    for (const row of rows) {
      if (this.#tombstones.has(row.id)) continue
      const known = this.#sessions.get(row.id)
      if (known !== undefined && known.version >= row.version) continue
      this.#sessions.set(row.id, row)
      this.emit('changed', row, known)
    }
  }

  /** Forgets a session whose row is gone, for good: ids are never used again. */
  remove(id: string): void {
    this.#bury(id)
    const session = this.#sessions.get(id)
    if (session === undefined) return
    this.#sessions.delete(id)
    this.emit('removed', session)
  }

  #bury(id: string): void {
    const now = performance.now()
    for (const [each, since] of this.#tombstones) {
      if (now - since < TOMBSTONE_MS) break
      this.#tombstones.delete(each)
    }
    this.#tombstones.delete(id)
    this.#tombstones.set(id, now)
  }
}
