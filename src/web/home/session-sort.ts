import { isFinal, SESSION_STATES } from '../../sessions/session.ts'
import { newestFirst } from '../api/session-list.ts'
import type { SessionView } from '../api/session-view.ts'
import { IDE_TITLES } from '../ides/ide-titles.ts'

/** What sessions can be sorted by. */
export const SORT_KEYS = ['name', 'state', 'started', 'used', 'cpu', 'memory'] as const

/** What sessions can be sorted by. */
export type SortKey = (typeof SORT_KEYS)[number]

/** An order of sessions. */
export interface SessionSort {
  readonly by: SortKey
  readonly descending: boolean
}

/** The usual order. */
export const NEWEST_FIRST: SessionSort = { by: 'started', descending: true }

/** The direction in which a column is sorted first: names and states from the top, figures and times from the greatest. */
export function firstSort(by: SortKey): SessionSort {
  return { by, descending: by !== 'name' && by !== 'state' }
}

/** An order in a word: `name`, or `-cpu` with the greatest first. */
export function sortWord({ by, descending }: SessionSort): string {
  return `${descending ? '-' : ''}${by}`
}

/** The order of a word; the usual one if there is no such order. */
export function parseSort(word: string | null): SessionSort {
  const descending = word?.startsWith('-') ?? false
  const by = SORT_KEYS.find((key) => key === (descending ? word?.slice(1) : word))
  return by === undefined ? NEWEST_FIRST : { by, descending }
}

/** The sessions in order: what is not known comes last in both directions, and among equals the newest is first. */
export function sorted(
  sessions: readonly SessionView[],
  { by, descending }: SessionSort,
): readonly SessionView[] {
  const sign = descending ? -1 : 1
  return newestFirst(sessions)
    .map((session) => ({ session, value: valueOf(session, by) }))
    .toSorted(({ value: a }, { value: b }) => {
      if (a === null || b === null) return Number(a === null) - Number(b === null)
      return sign * compared(a, b)
    })
    .map(({ session }) => session)
}

/** The sessions in this order, but in the usual one those that have ended after all others. */
export function ordered(
  sessions: readonly SessionView[],
  sort: SessionSort,
): readonly SessionView[] {
  const list = sorted(sessions, sort)
  if (sortWord(sort) !== sortWord(NEWEST_FIRST)) return list
  return list.toSorted((a, b) => Number(isFinal(a.state)) - Number(isFinal(b.state)))
}

/** The sessions in the order that is on the screen already, with those it lacks first: rows do not move under a hand. */
export function heldOrder(
  sessions: readonly SessionView[],
  held: readonly string[],
): readonly SessionView[] {
  const places = new Map(held.map((id, place) => [id, place]))
  return sessions.toSorted((a, b) => (places.get(a.id) ?? -1) - (places.get(b.id) ?? -1))
}

function valueOf(session: SessionView, by: SortKey): string | number | null {
  switch (by) {
    case 'name':
      return session.name ?? IDE_TITLES[session.ide]
    case 'state':
      return SESSION_STATES.indexOf(session.state)
    case 'started':
      return Date.parse(session.createdAt)
    case 'used':
      return Date.parse(session.lastUsedAt)
    case 'cpu':
      return session.cpuPercent
    case 'memory':
      return session.memoryBytes
  }
}

function compared(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return NAMES.compare(String(a), String(b))
}

// `run 9` before `run 10`, whatever the case.
const NAMES = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })
