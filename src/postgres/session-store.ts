import type {
  EarlierStart,
  Idempotency,
  NewSession,
  SessionChanges,
  SessionStore,
} from '../sessions/session-store.ts'
import { limitSentence } from '../sessions/limit-sentence.ts'
import { lostSentence, STOPPED_WHILE_LOST } from '../sessions/lost-sentences.ts'
import { AtelierError } from '../errors.ts'
import type { Session } from '../sessions/session.ts'
import type { Database } from './connect.ts'
import { sendHint } from './hint.ts'
import { assignments, toSession, type SessionRow } from './session-row.ts'
import { storableText } from './storable-text.ts'

const KEY_LIFE = "interval '24 hours'"
/** In the statement itself, and locked: once a node is drained, no start that was placed a moment before slips in. */
const nodeOf = (name: string): string => `with node as materialized (
  select draining or left_at is not null or lost_at is not null as closed from atelier.nodes where name = ${name} for share)`
const ONCE = 'on conflict (user_name, idempotency_key) where idempotency_key is not null do nothing'

/** What came of an insert: the new row, or nothing of it and why. */
type InsertedRow = SessionRow & { readonly used: number | null; readonly closed: boolean }

/** The sessions table; see SessionStore for what it promises. */
export class PostgresSessionStore implements SessionStore {
  readonly #database: Pick<Database, 'query'>

  constructor(options: { readonly database: Pick<Database, 'query'> }) {
    this.#database = options.database
  }

  /** Every session row there is. */
  async all(): Promise<readonly Session[]> {
    const rows = await this.#database.query<SessionRow>('select * from atelier.sessions')
    return rows.map(toSession)
  }

  /** The rows with these ids. */
  async some(ids: readonly string[]): Promise<readonly Session[]> {
    const rows = await this.#database.query<SessionRow>(
      'select * from atelier.sessions where id = any($1)',
      [ids.map(storableText)],
    )
    return rows.map(toSession)
  }

  /** Inserts a session that is desired running. Throws NO_NODE if its node takes none, LIMIT_REACHED if it is one too many. */
  async insert(session: NewSession, most: number | null = null): Promise<Session> {
    const inserted = await this.#insert(session, most, '', [])
    // Drained when it was to be inserted, and not any more when that was asked.
    if (inserted === undefined) throw new AtelierError('NO_NODE')
    return inserted
  }

  /** Inserts unless the user has used the key within 24 hours; of several at once one inserts. */
  async insertOnce(
    session: NewSession,
    once: Idempotency,
    most: number | null = null,
  ): Promise<Session | undefined> {
    await this.#database.query(
      `update atelier.sessions set idempotency_key = null
       where user_name = $1 and idempotency_key = $2 and created_at <= now() - ${KEY_LIFE}`,
      [session.user, once.key].map(storableText),
    )
    return this.#insert(session, most, ONCE, [once.key, once.fingerprint])
  }

  /** By user and key, for 24 hours. */
  async startedWith(user: string, key: string): Promise<EarlierStart | undefined> {
    const [row] = await this.#database.query<SessionRow>(
      `select * from atelier.sessions
       where user_name = $1 and idempotency_key = $2 and created_at > now() - ${KEY_LIFE}`,
      [user, key].map(storableText),
    )
    return row && { session: toSession(row), fingerprint: row.idempotency_fingerprint ?? '' }
  }

  /** No change of the session itself: neither version nor hint. */
  async releaseKey(id: string): Promise<void> {
    await this.#database.query('update atelier.sessions set idempotency_key = null where id = $1', [
      storableText(id),
    ])
  }

  /** Compare-and-set by version. */
  async update(id: string, version: number, changes: SessionChanges): Promise<Session | undefined> {
    const { sql, values } = assignments(changes, 3)
    const rows = await this.#database.query<SessionRow>(
      `update atelier.sessions set ${sql} where id = $1 and version = $2 returning *`,
      [storableText(id), version, ...values],
    )
    return this.#hint(rows)[0]
  }

  /** In one statement with the look at the node, so that one that comes back in that moment loses nothing. */
  async lose(node: string): Promise<readonly Session[]> {
    const rows = await this.#database.query<SessionRow>(
      `update atelier.sessions set version = version + 1, state_at = now(),
         state = case when desired = 'running' then 'Lost' else 'Stopped' end,
         reason = case when desired = 'running' then $2 else coalesce(stop_reason, $3) end,
         location = case when desired = 'running' then location end
       where node = $1 and state in ('Starting', 'Active', 'Idle', 'Stopping')
         and coalesce(location ->> 'kind', 'socket') = 'socket'
         and not exists (select from atelier.nodes where name = $1 and lost_at is null)
       returning *`,
      [storableText(node), lostSentence(node), STOPPED_WHILE_LOST],
    )
    return this.#hint(rows)
  }

  /** Compare-and-set by version; the condition that the node takes sessions is in the statement, as for an insert. */
  async move(id: string, version: number, node: string): Promise<Session | undefined> {
    const rows = await this.#database.query<SessionRow>(
      `${nodeOf('$3')} update atelier.sessions set
         node = $3, epoch = epoch + 1, version = version + 1, desired = 'running',
         state = 'Starting', state_at = now(), last_used_at = now(),
         reason = null, log_tail = null, job_id = null, location = null, stop_reason = null
       where id = $1 and version = $2 and not coalesce((select closed from node), false) returning *`,
      [storableText(id), version, storableText(node)],
    )
    if (rows.length === 0) await this.#requireNode(node)
    return this.#hint(rows)[0]
  }

  /** Removes the row if it still has this version. */
  async remove(id: string, version: number): Promise<boolean> {
    const rows = await this.#database.query<SessionRow>(
      'delete from atelier.sessions where id = $1 and version = $2 returning *',
      [storableText(id), version],
    )
    return this.#hint(rows).length > 0
  }

  /**
   * Writes these times, only forward and not past the database's clock; one that is ahead of it is taken back. The rows
   * are locked in one order, so that two nodes cannot block each other.
   */
  async touch(times: ReadonlyMap<string, Date>, what: 'used' | 'busy' = 'used'): Promise<void> {
    if (times.size === 0) return
    const column = what === 'used' ? 'last_used_at' : 'last_busy_at'
    const isOlder = `(${column} is null or ${column} < at or ${column} > now())`
    await this.#database.query(
      `with touched as (select id, least(at, now()) as at
                        from unnest($1::text[], $2::timestamptz[]) as touched (id, at)),
            locked as (select id, at from atelier.sessions join touched using (id)
                       where ${isOlder} order by id for update of sessions)
       update atelier.sessions set ${column} = at from locked
       where sessions.id = locked.id and ${isOlder}`,
      [[...times.keys()].map(storableText), [...times.values()]],
    )
  }

  // Who counts is let in one by one, which is why nobody is counted for whom there is no limit.
  async #insert(
    { id, user, name, ide, python, r, profile, limits = null, folder = null, node }: NewSession,
    most: number | null,
    conflict: string,
    marks: readonly [] | readonly [key: string, fingerprint: string],
  ): Promise<Session | undefined> {
    const [key = null, fingerprint = null] = marks
    const granted = limits === null ? null : JSON.stringify(limits)
    const texts = [id, user, name, ide, python, r, profile, node, key, fingerprint, granted, folder]
    const [row] = await this.#database.query<InsertedRow>(
      `${nodeOf('$8')},
         used as materialized (select case when $13::int is not null then atelier.count_sessions($2) end as count),
         inserted as (
           insert into atelier.sessions
             (id, user_name, name, ide, python, r, profile, node, idempotency_key, idempotency_fingerprint, limits, folder)
           select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12 from used
           where not coalesce((select closed from node), false) and coalesce(count < $13::int, true)
           ${conflict} returning *)
       select inserted.*, used.count as used, coalesce((select closed from node), false) as closed
       from used left join inserted on true`,
      [...texts.map((value) => (value === null ? null : storableText(value))), most],
    )
    if (row?.id) return this.#hint([row])[0]
    if (row?.closed) throw new AtelierError('NO_NODE')
    if (row?.used == null || most === null || row.used < most) return undefined
    // The session that used up the limit may be the one that this very request has started already.
    if (key !== null && (await this.startedWith(user, key)) !== undefined) return undefined
    throw new AtelierError('LIMIT_REACHED', limitSentence(row.used, most))
  }

  async #requireNode(node: string): Promise<void> {
    const [row] = await this.#database.query<{ closed: boolean | null }>(
      `${nodeOf('$1')} select closed from node`,
      [storableText(node)],
    )
    if (row?.closed) throw new AtelierError('NO_NODE')
  }

  #hint(rows: readonly SessionRow[]): readonly Session[] {
    for (const { id, version } of rows) {
      sendHint(this.#database, { kind: 'session', id, version })
    }
    return rows.map(toSession)
  }
}
