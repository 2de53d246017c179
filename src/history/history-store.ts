import type { HistoryQuery, PlacedEntry, UserUse } from './history-entry.ts'

/** What has ended. Every method throws AtelierError DATABASE_UNAVAILABLE when the database does not answer. */
export interface HistoryStore {
  /** The latest end first. */
  list(query: HistoryQuery): Promise<readonly PlacedEntry[]>
  /** What the user used since then, with what still runs. */
  use(user: string, since: Date): Promise<UserUse>
  /** Forgets sessions that ended more than so many days ago, and what was measured of what ended a day ago; answers how many. */
  prune(days: number): Promise<number>
}
