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
  /** Percent of one processor; null while not known. */
  readonly cpuPercent: number | null
  /** Bytes; null while not known. */
  readonly memoryBytes: number | null
  readonly version: number
}

/** What one session uses now, as the event `usage` tells it. */
export type SessionUsage = Pick<SessionView, 'id' | 'cpuPercent' | 'memoryBytes'>

/** A port at which a program of a session listens, such as a web app. */
export interface SessionPort {
  readonly port: number
  /** The name of the program's process. */
  readonly process: string
  /** Where it can be opened: `/s/<id>/p/<port>/`. */
  readonly url: string
}

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
