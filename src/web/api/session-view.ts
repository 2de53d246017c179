import type { IdeName, SessionDesire, SessionState } from '../../sessions/session.ts'

/** A session as the API shows it to its owner; times are ISO 8601, of the server's clock. */
export interface SessionView {
  readonly id: string
  readonly name: string | null
  readonly ide: IdeName
  /** The ids of the Python and the R that were chosen for it; null for the usual ones. */
  readonly python: string | null
  readonly r: string | null
  /** Where the IDE answers: `/s/<id>/`. */
  readonly url: string
  readonly state: SessionState
  readonly desired: SessionDesire
  readonly reason: string | null
  readonly logTail: string | null
  readonly createdAt: string
  readonly stateAt: string
  readonly lastUsedAt: string
  /** When it will be stopped if nobody uses it and it does not compute; null if never. */
  readonly stopsAt: string | null
  /** Why it will be: unused, or too old. */
  readonly stopsFor: 'idle' | 'age' | null
  /** Until when its owner wants it kept. */
  readonly keepUntil: string | null
  /** The latest time until when it may be kept. */
  readonly keepUntilAtMost: string
  /** Percent of one processor; null while not known. */
  readonly cpuPercent: number | null
  /** Bytes; null while not known. */
  readonly memoryBytes: number | null
  readonly version: number
}

/** What one session uses now, as the event `usage` tells it. */
export type SessionUsage = Pick<SessionView, 'id' | 'cpuPercent' | 'memoryBytes'> &
  Partial<Pick<SessionView, 'lastUsedAt' | 'stopsAt' | 'stopsFor'>>

/** Who is signed in, and where. */
export interface Me {
  readonly user: string
  readonly host: string
  readonly version: string
}

/** A list as the API answers it. */
export interface Items<T> {
  readonly items: readonly T[]
}
