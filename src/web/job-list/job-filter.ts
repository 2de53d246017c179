import { JOB_STATES, type JobState } from '../../jobs/workbench-job.ts'
import { isEnded } from '../api/job-state.ts'

/** What to filter states by: one of them, or all before or after the end. */
export const STATE_FILTERS = ['running', 'ended', ...JOB_STATES] as const

/** How far back the list goes, in days. */
export const AGES = [1, 7, 30] as const

/** The states of jobs that have not ended. */
export const LIVING: readonly JobState[] = JOB_STATES.filter((state) => !isEnded(state))
/** The states that a job never leaves. */
export const ENDED: readonly JobState[] = JOB_STATES.filter(isEnded)

/** Which jobs are shown. */
export interface JobFilter {
  readonly text: string
  readonly state: (typeof STATE_FILTERS)[number] | null
  readonly cluster: string | null
  /** Submitted within so many days. */
  readonly days: (typeof AGES)[number] | null
  /** The id of a schedule whose runs are shown. */
  readonly schedule: string | null
  /** For administrators: whose they are, `*` for everybody's; null for one's own. */
  readonly user: string | null
}

/** All of one's own jobs. */
export const NO_FILTER: JobFilter = {
  text: '',
  state: null,
  cluster: null,
  days: null,
  schedule: null,
  user: null,
}

const TEXT_LENGTH_MOST = 200
const PAGE = 50

/** The filter of a page's query, such as `q=model&state=ended&cluster=hpc`; what it does not know it ignores. */
export function parseFilter(query: string): JobFilter {
  const parameters = new URLSearchParams(query)
  const state = parameters.get('state')?.toLowerCase()
  return {
    text: (parameters.get('q') ?? '').slice(0, TEXT_LENGTH_MOST),
    state: STATE_FILTERS.find((each) => each.toLowerCase() === state) ?? null,
    cluster: textOrNull(parameters.get('cluster')),
    days: AGES.find((each) => String(each) === parameters.get('days')) ?? null,
    schedule: textOrNull(parameters.get('schedule')),
    user: textOrNull(parameters.get('user')),
  }
}

/** The query of a filter, without question mark; empty when it hides nothing. */
export function filterQuery({ text, state, cluster, days, schedule, user }: JobFilter): string {
  return queryOf({
    q: text === '' ? null : text,
    state: state?.toLowerCase() ?? null,
    cluster,
    days: days === null ? null : String(days),
    schedule,
    user,
  })
}

/** True if the filter may hide jobs; whose jobs they are is no filter. */
export function isHiding({ text, state, cluster, days, schedule }: JobFilter): boolean {
  return [text.trim() || null, state, cluster, days, schedule].some((each) => each !== null)
}

/**
 * What to ask the API for, at the server's time `now` in ms: first the jobs that have not ended, then those that have, so
 * that what runs is never behind pages of history. Null where the filter leaves nothing.
 */
export function listQueries(
  { text, state, cluster, days, schedule, user }: JobFilter,
  now: number,
): { readonly living: string | null; readonly ended: string | null } {
  const states = statesOf(state)
  const asked = (of: readonly JobState[]): string | null => {
    const wanted = of.filter((each) => states.includes(each))
    if (wanted.length === 0) return null
    return queryOf({
      state: wanted.join(','),
      q: text.trim() === '' ? null : text.trim(),
      cluster,
      schedule,
      user,
      from: days === null ? null : new Date(now - days * 86_400_000).toISOString(),
      limit: String(PAGE),
    })
  }
  return { living: asked(LIVING), ended: asked(ENDED) }
}

function statesOf(state: JobFilter['state']): readonly JobState[] {
  if (state === null) return JOB_STATES
  if (state === 'running') return LIVING
  if (state === 'ended') return ENDED
  return [state]
}

function textOrNull(value: string | null): string | null {
  return value === null || value === '' ? null : value.slice(0, TEXT_LENGTH_MOST)
}

function queryOf(fields: Readonly<Record<string, string | null>>): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null) parameters.set(name, value)
  }
  return parameters.toString()
}
