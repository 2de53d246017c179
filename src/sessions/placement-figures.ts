import type { Member } from '../../cluster/index.ts'
import { isFinal, type Session } from './session.ts'

/** The time constant of a load average of one minute, in ms. */
const LOAD_AVERAGE_MS = 60_000

/**
 * What a session that starts adds to the load of a member, for each of its processors. It keeps about one of them busy for a
 * while, and gossip does not tell how many there are: this is what holds for four.
 */
export const LOAD_OF_START = 1 / 4

/** What counts as held by a node, and since when it is in its state. */
export type Held = Pick<Session, 'node' | 'state' | 'stateAt'>

/**
 * The members with fresher figures than they told of themselves: the sessions that this node knows there, and those that
 * are `placing`, one node for each, whose rows are not known yet. A load average of one minute hardly shows a start of a
 * moment ago, so a member that was idle would get every session of a burst: what the average does not show yet is added.
 */
export function withFresherFigures(
  members: readonly Member[],
  sessions: readonly Held[],
  placing: Iterable<string>,
  now: number,
): readonly Member[] {
  const held = new Map<string, number>()
  const unseen = new Map<string, number>()
  const add = (node: string, load: number) => {
    held.set(node, (held.get(node) ?? 0) + 1)
    unseen.set(node, (unseen.get(node) ?? 0) + load)
  }
  for (const session of sessions) {
    if (!isFinal(session.state)) add(session.node, unseenShare(session, now))
  }
  for (const node of placing) add(node, 1)
  return members.map((member) => {
    const load = member.meta.load + LOAD_OF_START * (unseen.get(member.name) ?? 0)
    return { ...member, meta: { ...member.meta, sessions: held.get(member.name) ?? 0, load } }
  })
}

/** How much of a session's load its server's load average does not show yet: all of it at its start, next to nothing after minutes. */
function unseenShare({ state, stateAt }: Held, now: number): number {
  if (state === 'Starting') return 1
  // The times of rows are the database's, whose clock may be ahead.
  const age = Math.max(0, now - stateAt.getTime())
  return state === 'Active' ? Math.exp(-age / LOAD_AVERAGE_MS) : 0
}
