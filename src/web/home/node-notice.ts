import { isFinal } from '../../sessions/session.ts'
import type { SessionView } from '../api/session-view.ts'
import { formatMoment } from '../format/format-moment.ts'

/** What to say of a session whose server is out of reach, at the server's time `now` in ms; null if it is not. */
export function nodeNotice(
  {
    state,
    node,
    reachable,
    stateAt,
  }: Pick<SessionView, 'state' | 'node' | 'reachable' | 'stateAt'>,
  now: number,
): string | null {
  if (state === 'Lost') {
    return `Its server ${node} is lost since ${formatMoment(Date.parse(stateAt), now)}.`
  }
  if (reachable || isFinal(state)) return null
  return `Its server ${node} does not answer. It comes back by itself.`
}

/** True if the sessions are on several nodes, or on another one than answers, so that it matters which. */
export function onSeveralNodes(
  sessions: readonly Pick<SessionView, 'node'>[],
  here: string | undefined,
): boolean {
  const nodes = new Set(sessions.map(({ node }) => node))
  if (here !== undefined && sessions.length > 0) nodes.add(here)
  return nodes.size > 1
}
