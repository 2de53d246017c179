import { useServices } from '../api/services.tsx'
import type { SessionView } from '../api/session-view.ts'
import { labelOf } from '../ides/ide-look.ts'
import type { Bulk } from '../list/bulk.ts'
import { BULK_ACTIONS, isComputing, isMeant, type BulkAction } from './bulk-action.ts'
import { BULK_WORDS } from './bulk-words.ts'

/** What can be done with several sessions at once. */
export function useSessionBulk(): Bulk<SessionView, BulkAction> {
  const { api, cache } = useServices()
  return {
    noun: 'session',
    actions: BULK_ACTIONS,
    words: BULK_WORDS,
    labelOf,
    isMeant,
    computes: (session) => (isComputing(session) ? session.cpuPercent : null),
    latest: (session) => cache.known(session.id) ?? session,
    act: async (action, { id }) => {
      const path = `/sessions/${id}${action === 'force' ? '?force=true' : ''}`
      const answer = await api.request<SessionView | null>('DELETE', path)
      await (answer === null ? cache.remove(id) : cache.apply(answer))
    },
  }
}
