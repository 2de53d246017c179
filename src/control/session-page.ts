import type { IdeName, SessionState } from '../sessions/session.ts'
import { readCursor, writeCursor } from './cursor.ts'
import type { SessionJson } from './session-json.ts'

/** The orders of the list of sessions; with a minus the latest comes first. */
export const SESSION_SORTS = ['createdAt', '-createdAt', 'lastUsedAt', '-lastUsedAt'] as const

/** Which sessions of a list are wanted. */
export interface SessionQuery {
  readonly state?: readonly SessionState[] | undefined
  readonly ide?: IdeName | undefined
  /** Text of the name or the id, in whatever case. */
  readonly q?: string | undefined
  readonly sort: (typeof SESSION_SORTS)[number]
  readonly limit: number
  /** The `next` of the page before. */
  readonly cursor?: string | undefined
}

/** A page of a list; `next` is the cursor of the page after it, null on the last one. */
export interface SessionPage {
  readonly items: readonly SessionJson[]
  readonly next: string | null
}

interface Place {
  readonly time: number
  readonly id: string
}

/**
 * The page that `query` asks for. It begins after the place that the cursor names, whatever has come or gone since, so
 * that nothing is missed or told twice; in an order by last use, only what is used between two pages may be.
 * Throws BAD_REQUEST for a cursor that is not of this list.
 */
export function sessionPage(sessions: readonly SessionJson[], query: SessionQuery): SessionPage {
  const { sort, limit, cursor } = query
  const after = cursor === undefined ? undefined : readCursor(cursor, sort)
  const field = sort.endsWith('createdAt') ? 'createdAt' : 'lastUsedAt'
  const direction = sort.startsWith('-') ? -1 : 1
  const placed = sessions
    .filter((session) => isWanted(session, query))
    .map((session) => ({ session, time: Date.parse(session[field]), id: session.id }))
    .filter((place) => after === undefined || direction * compare(place, after) > 0)
    .sort((a, b) => direction * compare(a, b))
  const page = placed.slice(0, limit)
  const last = placed.length > limit ? page.at(-1) : undefined
  return {
    items: page.map(({ session }) => session),
    next: last === undefined ? null : writeCursor({ sort, time: last.time, id: last.id }),
  }
}

function compare(a: Place, b: Place): number {
  if (a.time !== b.time) return a.time - b.time
  return a.id < b.id ? -1 : Number(a.id > b.id)
}

function isWanted({ id, name, ide, state }: SessionJson, wanted: SessionQuery): boolean {
  const text = wanted.q?.toLowerCase() ?? ''
  return (
    (wanted.state === undefined || wanted.state.includes(state)) &&
    (wanted.ide === undefined || wanted.ide === ide) &&
    (id.includes(text) || (name ?? '').toLowerCase().includes(text))
  )
}
