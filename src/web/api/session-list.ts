import type { SessionUsage, SessionView } from './session-view.ts'

/** The newer of two views of one session; of equal versions the second, whose usage and times are fresher. */
export function newerOf(known: SessionView | undefined, told: SessionView): SessionView {
  return known !== undefined && known.version > told.version ? known : told
}

/** The list with the session in it, unless the list knows a newer version of it already. */
export function withSession(
  list: readonly SessionView[],
  session: SessionView,
): readonly SessionView[] {
  if (!list.some(({ id }) => id === session.id)) return [session, ...list]
  return list.map((known) => (known.id === session.id ? newerOf(known, session) : known))
}

/** The list without the session. */
export function withoutSession(list: readonly SessionView[], id: string): readonly SessionView[] {
  return list.filter((session) => session.id !== id)
}

/** The list with the usage of those sessions that are in it; the others are the same objects, and need not be drawn again. */
export function withUsage(
  list: readonly SessionView[],
  usage: readonly SessionUsage[],
): readonly SessionView[] {
  const byId = new Map(usage.map((item) => [item.id, item]))
  return list.map((session) => {
    const used = byId.get(session.id)
    const same =
      used === undefined ||
      (used.cpuPercent === session.cpuPercent && used.memoryBytes === session.memoryBytes)
    return same ? session : { ...session, ...used }
  })
}

/** A list read from the server, keeping what is known to be newer than it. */
export function mergedList(
  known: readonly SessionView[],
  read: readonly SessionView[],
): readonly SessionView[] {
  const byId = new Map(known.map((session) => [session.id, session]))
  return read.map((session) => newerOf(byId.get(session.id), session))
}

/** Newest first; the order does not change while sessions change their state. */
export function newestFirst(list: readonly SessionView[]): readonly SessionView[] {
  return list.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt) || a.id.localeCompare(b.id))
}
