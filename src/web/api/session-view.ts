import type { MeJson } from '../../control/me-json.ts'
import type { SessionJson } from '../../control/session-json.ts'

/** A session as the API shows it to its owner; times are ISO 8601, of the server's clock. */
export type SessionView = SessionJson

/** What one session uses now, as the event `usage` tells it. */
export type SessionUsage = Pick<SessionView, 'id' | 'cpuPercent' | 'memoryBytes'>

/** Who is signed in, and where. */
export type Me = MeJson

/** A list as the API answers it. */
export interface Items<T> {
  readonly items: readonly T[]
}

/** A page of a list; `next` is the cursor of the next one, null on the last. */
export interface Page<T> extends Items<T> {
  readonly next: string | null
}
