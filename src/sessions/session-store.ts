import type { Session } from './session.ts'

/** The columns that change during a session's life. */
export type SessionChanges = Partial<
  Pick<
    Session,
    | 'name'
    | 'desired'
    | 'state'
    | 'reason'
    | 'logTail'
    | 'node'
    | 'epoch'
    | 'jobId'
    | 'location'
    | 'keepUntil'
    | 'stopReason'
  >
>

/** What is known when a session is created; the database adds the times and version 1. */
export type NewSession = Pick<
  Session,
  'id' | 'user' | 'name' | 'ide' | 'python' | 'r' | 'profile' | 'node'
> &
  Partial<Pick<Session, 'limits' | 'folder'>>

/** What marks a request to start a session, so that its repetition is known: a key, and a fingerprint of all it asked for. */
export interface Idempotency {
  readonly key: string
  readonly fingerprint: string
}

/** The session that an earlier request with the same key has started within the last 24 hours. */
export interface EarlierStart {
  readonly session: Session
  readonly fingerprint: string
}

/**
 * The truth about sessions. Every method throws AtelierError DATABASE_UNAVAILABLE when the database does not answer.
 * After each change except `touch` the store sends a hint, in a statement of its own after the commit.
 */
export interface SessionStore {
  /** Every session row there is. */
  all(): Promise<readonly Session[]>
  /** The rows with these ids; an id without a row is simply not in the answer. */
  some(ids: readonly string[]): Promise<readonly Session[]>
  /**
   * Inserts a session in state Starting that is desired running. Throws NO_NODE if its node takes no new ones, and
   * LIMIT_REACHED if its user has `most` sessions or more that have not ended; of starts at once, on whichever nodes, not
   * one too many gets in.
   */
  insert(session: NewSession, most?: number | null): Promise<Session>
  /** Inserts a session with a key; if its user has used that key within 24 hours, inserts nothing and answers undefined. Throws as `insert`. */
  insertOnce(
    session: NewSession,
    once: Idempotency,
    most?: number | null,
  ): Promise<Session | undefined>
  /** What this user has started with this key within 24 hours. */
  startedWith(user: string, key: string): Promise<EarlierStart | undefined>
  /** Takes the key away from the session, so that it can be used again. */
  releaseKey(id: string): Promise<void>
  /** Compare-and-set: changes the row if it still has this version; undefined if it was changed or removed since. */
  update(id: string, version: number, changes: SessionChanges): Promise<Session | undefined>
  /**
   * Marks the sessions Lost that run on a node which has been given up, or is no more; those that were to be stopped have
   * Stopped. Answers those that it changed; none if the node has come back.
   */
  lose(node: string): Promise<readonly Session[]>
  /**
   * Compare-and-set: lets the session start again on that node, with the next epoch and nothing of what was; it counts as
   * used now, since its owner asked. Undefined as for `update`; throws NO_NODE if the node takes no new sessions.
   */
  move(id: string, version: number, node: string): Promise<Session | undefined>
  /** Removes the row if it still has this version. */
  remove(id: string, version: number): Promise<boolean>
  /** Writes times of last use or of last computing, only forward; neither version nor hint. */
  touch(times: ReadonlyMap<string, Date>, what?: 'used' | 'busy'): Promise<void>
}

/** What a listener of hints is told; hints may be late, doubled or lost, so `resync` means: read everything again. */
export interface SessionHints {
  changed(id: string): void
  resync(): void
}
