import { isFinal } from '../../sessions/session.ts'
import type { SessionView } from '../api/session-view.ts'

/** What can be done with several sessions at once. */
export const BULK_ACTIONS = ['stop', 'force', 'remove'] as const

/** What can be done with several sessions at once. */
export type BulkAction = (typeof BULK_ACTIONS)[number]

const COMPUTING_PERCENT = 5

/** True if the action makes sense for the session as it is now; a session that has ended would be removed by a stop. */
export function isMeant(action: BulkAction, { state }: Pick<SessionView, 'state'>): boolean {
  switch (action) {
    case 'stop':
      return !isFinal(state) && state !== 'Stopping'
    case 'force':
      return !isFinal(state)
    case 'remove':
      return isFinal(state)
  }
}

/** True if the session uses a processor now, so that stopping it may lose a result. */
export function isComputing({ state, cpuPercent }: SessionView): boolean {
  return !isFinal(state) && cpuPercent !== null && cpuPercent >= COMPUTING_PERCENT
}
