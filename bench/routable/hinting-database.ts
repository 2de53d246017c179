import type { Database } from '../../src/postgres/connect.ts'
import { HINT_CHANNEL } from '../../src/postgres/hint.ts'

/** How changes of sessions are told: as we do, in a statement of its own after the commit, or in the transaction of the change. */
export type Hinting = 'own statement' | 'in the transaction'

/** The database as a session store uses it, with hints sent in that way; both take one round trip for a change. */
export function hintingDatabase(
  database: Pick<Database, 'query'>,
  hinting: Hinting,
): Pick<Database, 'query'> {
  if (hinting === 'own statement') return database
  return {
    query: async (text, values) => {
      if (text.includes('pg_notify')) return []
      return database.query(text.startsWith('update') ? withHint(text) : text, values)
    },
  }
}

/** The statement that changes sessions, with a hint of each in the same transaction, as our store would write it. */
export function withHint(update: string): string {
  return `with changed as (${update}) select changed.*, pg_notify('${HINT_CHANNEL}',
    json_build_object('kind', 'session', 'id', id, 'version', version)::text) from changed`
}
