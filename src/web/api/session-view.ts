import type { LimitsJson } from '../../control/limits-json.ts'
import type { MeJson } from '../../control/me-json.ts'
import type { SessionJson } from '../../control/session-json.ts'

/** A session as the API shows it to its owner; times are ISO 8601, of the server's clock. */
export type SessionView = SessionJson

/** What one session uses now, as the event `usage` tells it. */
export type SessionUsage = Pick<SessionView, 'id' | 'cpuPercent' | 'memoryBytes'> &
  Partial<Pick<SessionView, 'lastUsedAt' | 'stopsAt' | 'stopsFor'>>

/** A port at which a program of a session listens, such as a web app. */
export interface SessionPort {
  readonly port: number
  /** The name of the program's process. */
  readonly process: string
  /** Where it can be opened: `/s/<id>/p/<port>/`. */
  readonly url: string
}

/** What the user may have. */
export type LimitsView = LimitsJson

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
