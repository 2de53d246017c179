import type { NodeNews } from '../nodes/node-watch.ts'
import type { Session } from '../sessions/session.ts'

const GATHER_MS = 200

/**
 * Calls `changed` for each session whose node answers no longer, or again, until the answered function is called. Nothing
 * of the session's row changes then. Looks at the sessions at most five times a second, however much is told.
 */
export function watchReachable(parts: {
  readonly news: NodeNews
  readonly sessions: () => readonly Session[]
  readonly isReachable: (session: Session) => boolean
  readonly changed: (session: Session) => void
}): () => void {
  const { news, sessions, isReachable, changed } = parts
  const unreachable = sessions().filter((session) => !isReachable(session))
  let known = new Set(unreachable.map(({ id }) => id))
  let timer: NodeJS.Timeout | undefined
  const look = () => {
    timer = undefined
    const all = sessions()
    const now = new Set(all.filter((each) => !isReachable(each)).map(({ id }) => id))
    for (const session of all) {
      if (known.has(session.id) !== now.has(session.id)) changed(session)
    }
    known = now
  }
  const heard = () => {
    timer ??= setTimeout(look, GATHER_MS)
  }
  news.on('changed', heard)
  return () => {
    news.off('changed', heard)
    clearTimeout(timer)
  }
}
