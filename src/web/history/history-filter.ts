import {
  END_STATES,
  WORK_KINDS,
  type EndState,
  type WorkKind,
} from '../../history/history-entry.ts'
import { IDE_NAMES, type IdeName } from '../../sessions/session.ts'

/** Which ended sessions and jobs are shown. */
export interface HistoryFilter {
  /** For administrators: whose; null is everybody's there, and one's own elsewhere. */
  readonly user: string | null
  readonly kind: WorkKind | null
  readonly ide: IdeName | null
  readonly state: EndState | null
  /** Days as `2026-01-31`, of which both count. */
  readonly from: string | null
  readonly to: string | null
}

/** Everything. */
export const NO_HISTORY_FILTER: HistoryFilter = {
  user: null,
  kind: null,
  ide: null,
  state: null,
  from: null,
  to: null,
}

/** The filter of a page's query; what it does not know it ignores. */
export function parseHistoryFilter(query: string): HistoryFilter {
  const parameters = new URLSearchParams(query)
  const one = <T extends string>(name: string, words: readonly T[]): T | null =>
    words.find((word) => word === parameters.get(name)) ?? null
  const user = parameters.get('user')?.trim().slice(0, 200) ?? ''
  return {
    user: user === '' ? null : user,
    kind: one('kind', WORK_KINDS),
    ide: one('ide', IDE_NAMES),
    state: one('state', END_STATES),
    from: dayOf(parameters.get('from')),
    to: dayOf(parameters.get('to')),
  }
}

/** The query of a filter, without question mark; empty when it hides nothing. */
export function historyFilterQuery(filter: HistoryFilter): string {
  const given = Object.entries(filter).filter(([, value]) => value !== null)
  return new URLSearchParams(Object.fromEntries(given) as Record<string, string>).toString()
}

/** The query of the API; days begin and end where the browser is. */
export function apiQuery(
  filter: HistoryFilter,
  everybody: boolean,
  more: Readonly<Record<string, string>> = {},
): string {
  const { user, kind, ide, state, from, to } = filter
  const given = {
    user: everybody ? (user ?? '*') : null,
    // An IDE is something of sessions only.
    kind: ide === null ? kind : 'session',
    ide,
    state,
    from: from === null ? null : startOf(from, 0),
    to: to === null ? null : startOf(to, 1),
  }
  const entries = Object.entries(given).filter(([, value]) => value !== null)
  const texts = Object.fromEntries(entries) as Record<string, string>
  return new URLSearchParams({ ...texts, ...more }).toString()
}

function dayOf(text: string | null): string | null {
  if (text === null || !/^\d{4}-\d\d-\d\d$/.test(text)) return null
  return Number.isNaN(Date.parse(text)) ? null : text
}

function startOf(day: string, daysLater: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + daysLater).toISOString()
}
