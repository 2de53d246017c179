import type { Log } from './log.ts'
import { Notices } from './notices/notices.ts'
import type { Database } from './postgres/connect.ts'
import { PostgresHistoryStore } from './postgres/history-store.ts'
import { PostgresLivingStore } from './postgres/living-store.ts'
import { PostgresNotices } from './postgres/notices.ts'
import { PostgresSampleStore } from './postgres/sample-store.ts'

/** What a node knows of what ended, of what lives in the whole cluster, and of notices. Nothing of it is started. */
export type HistorySide = ReturnType<typeof historySide>

/** Builds it. */
export function historySide({ database, log }: { readonly database: Database; readonly log: Log }) {
  return {
    history: new PostgresHistoryStore({ database }),
    living: new PostgresLivingStore({ database }),
    samples: new PostgresSampleStore({ database }),
    notices: new Notices({ store: new PostgresNotices({ database }), log }),
  }
}
