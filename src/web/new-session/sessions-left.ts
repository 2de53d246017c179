import { limitSentence } from '../../sessions/limit-sentence.ts'
import { isFinal, type SessionState } from '../../sessions/session.ts'

/** What is said of the number of sessions before somebody starts one. */
export interface SessionsLeft {
  /** True if no other may be started now. */
  readonly isReached: boolean
  /** Null while the limit is far away. */
  readonly text: string | null
}

/** From so many left on it is told. */
const NEAR = 2

/** What is said to a user with these sessions who may have `most`; null is any number. */
export function sessionsLeft(
  most: number | null,
  sessions: readonly { readonly state: SessionState }[],
): SessionsLeft {
  if (most === null) return { isReached: false, text: null }
  const used = sessions.filter(({ state }) => !isFinal(state)).length
  const left = most - used
  if (left <= 0) {
    const stopping = sessions.filter(({ state }) => state === 'Stopping').length
    return { isReached: true, text: limitSentence(used, most, stopping) }
  }
  if (left > NEAR) return { isReached: false, text: null }
  const text =
    used === 0
      ? `You may have ${counted(most)} at a time.`
      : `You have ${used} of ${counted(most)}: you can start ${left} more.`
  return { isReached: false, text }
}

function counted(sessions: number): string {
  return `${sessions} session${sessions === 1 ? '' : 's'}`
}
