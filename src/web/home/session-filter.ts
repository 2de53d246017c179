import { IDE_NAMES, isFinal, SESSION_STATES } from '../../sessions/session.ts'
import type { IdeName, SessionState } from '../../sessions/session.ts'
import type { SessionView } from '../api/session-view.ts'
import { IDE_TITLES } from '../ides/ide-titles.ts'
import { NEWEST_FIRST, parseSort, sortWord, type SessionSort } from './session-sort.ts'

/** What to filter states by: one of them, or all before or after the end. */
export const STATE_FILTERS = ['running', 'ended', ...SESSION_STATES] as const

/** Which sessions are shown, and in what order. */
export interface SessionFilter {
  readonly text: string
  readonly state: (typeof STATE_FILTERS)[number] | null
  readonly ide: IdeName | null
  readonly sort: SessionSort
}

/** All sessions, newest first. */
export const NO_FILTER: SessionFilter = { text: '', state: null, ide: null, sort: NEWEST_FIRST }

const TEXT_LENGTH_MOST = 200

/** The filter of a page's query, such as `q=tax&state=running&ide=vscode&sort=-cpu`; what it does not know it ignores. */
export function parseFilter(query: string): SessionFilter {
  const parameters = new URLSearchParams(query)
  const state = parameters.get('state')?.toLowerCase()
  return {
    text: (parameters.get('q') ?? '').slice(0, TEXT_LENGTH_MOST),
    state: STATE_FILTERS.find((each) => each.toLowerCase() === state) ?? null,
    ide: IDE_NAMES.find((each) => each === parameters.get('ide')) ?? null,
    sort: parseSort(parameters.get('sort')),
  }
}

/** The query of a filter, without question mark; empty when it hides nothing and keeps the usual order. */
export function filterQuery({ text, state, ide, sort }: SessionFilter): string {
  const parameters = new URLSearchParams()
  if (text !== '') parameters.set('q', text)
  if (state !== null) parameters.set('state', state.toLowerCase())
  if (ide !== null) parameters.set('ide', ide)
  const word = sortWord(sort)
  if (word !== sortWord(NEWEST_FIRST)) parameters.set('sort', word)
  return parameters.toString()
}

/** True if the filter may hide sessions. */
export function isHiding({ text, state, ide }: SessionFilter): boolean {
  return text.trim() !== '' || state !== null || ide !== null
}

/** The sessions that the filter lets through: every word of its text is in name, IDE, state, node or reason. */
export function matching(
  sessions: readonly SessionView[],
  { text, state, ide }: SessionFilter,
): readonly SessionView[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return sessions.filter(
    (session) =>
      (ide === null || session.ide === ide) &&
      hasState(session.state, state) &&
      words.every((word) => searched(session).includes(word)),
  )
}

function hasState(state: SessionState, wanted: SessionFilter['state']): boolean {
  if (wanted === null) return true
  if (wanted === 'running') return !isFinal(state)
  if (wanted === 'ended') return isFinal(state)
  return state === wanted
}

function searched({ name, ide, state, node, reason }: SessionView): string {
  return `${name ?? ''}\n${IDE_TITLES[ide]}\n${state}\n${node}\n${reason ?? ''}`.toLowerCase()
}
