import type { NewSession, SessionChanges, SessionStore } from '../sessions/session-store.ts'
import type { Session } from '../sessions/session.ts'
import type { Database } from './connect.ts'
import { sendHint } from './hint.ts'
import { assignments, toSession, type SessionRow } from './session-row.ts'
import { storableText } from './storable-text.ts'

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

  /** Inserts a session that is desired running. */
  async insert(session: NewSession): Promise<Session> {
    const { id, user, name, ide, python, r, node } = session
    const rows = await this.#database.query<SessionRow>(
      `insert into atelier.sessions (id, user_name, name, ide, python, r, node)
       values ($1, $2, $3, $4, $5, $6, $7) returning *`,
      [id, user, name, ide, python, r, node].map((value) =>
        value === null ? null : storableText(value),
      ),
    )
    const [inserted] = this.#hint(rows)
    if (inserted === undefined) throw new Error('the inserted session is missing from the answer')
    return inserted
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

  /** Removes the row if it still has this version. */
  async remove(id: string, version: number): Promise<boolean> {
    const rows = await this.#database.query<SessionRow>(
      'delete from atelier.sessions where id = $1 and version = $2 returning *',
      [storableText(id), version],
    )
    return this.#hint(rows).length > 0
  }

  /** Writes these times, only forward. The rows are locked in one order, so that two nodes cannot block each other. */
  async touch(times: ReadonlyMap<string, Date>, what: 'used' | 'busy' = 'used'): Promise<void> {
    if (times.size === 0) return
    const column = what === 'used' ? 'last_used_at' : 'last_busy_at'
    await this.#database.query(
      `with touched as (select * from unnest($1::text[], $2::timestamptz[]) as touched (id, at)),
            locked as (select id, at from atelier.sessions join touched using (id)
                       where ${column} is null or ${column} < at order by id for update of sessions)
       update atelier.sessions set ${column} = at from locked
       where sessions.id = locked.id and (${column} is null or ${column} < at)`,
      [[...times.keys()].map(storableText), [...times.values()]],
    )
  }

  #hint(rows: readonly SessionRow[]): readonly Session[] {
    for (const { id, version } of rows) {
      sendHint(this.#database, { kind: 'session', id, version })
    }
    return rows.map(toSession)
  }
}
