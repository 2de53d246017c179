import { useCallback, useEffect, useReducer, useState } from 'react'
import type { Api } from '../api/api.ts'
import { useServices } from '../api/services.tsx'
import {
  gone,
  newSearch,
  nextPart,
  withAnswer,
  withMoreOutput,
  type Search,
  type SearchAnswer,
  type SearchPart,
} from './search-state.ts'
import { pathOf } from './use-job-output.ts'

const LIMIT = 500
const RETRY_MS = 3000

/** A search in a job's output that the server makes. */
export interface OutputSearch {
  readonly search: Search | null
  readonly searching: boolean
  readonly error: Error | null
  /** Begins at the line `top`; an empty text ends the search. */
  readonly begin: (text: string, matchCase: boolean, top: number) => void
  readonly go: (going: 'next' | 'previous') => void
}

type Action =
  | { readonly do: 'begin'; readonly search: Search | null }
  | { readonly do: 'go'; readonly going: 'next' | 'previous' }
  | { readonly do: 'grow' }
  | {
      readonly do: 'answer'
      readonly part: SearchPart
      readonly answer: SearchAnswer
      readonly lines: number
    }

/** Searches what the job printed, of which there are so many lines by now. */
export function useSearch(jobId: string, lines: number): OutputSearch {
  const { api } = useServices()
  const [search, act] = useReducer(reduce, null)
  const [error, setError] = useState<Error | null>(null)
  const [attempt, setAttempt] = useState(0)
  const part = search === null ? null : nextPart(search)
  const { from, until } = part ?? { from: null, until: null }
  const { text, matchCase } = search ?? { text: '', matchCase: false }
  const found = search?.lines.length ?? 0

  useEffect(() => act({ do: 'grow' }), [lines])
  useEffect(() => {
    if (from === null) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const reading = new AbortController()
    const asked = { from, until }
    readPart(api, jobId, { text, matchCase, part: asked, signal: reading.signal })
      .then((answer) => {
        if (reading.signal.aborted) return
        setError(null)
        act({ do: 'answer', part: asked, answer, lines })
      })
      .catch((thrown: unknown) => {
        if (reading.signal.aborted) return
        timer = setTimeout(() => setAttempt((n) => n + 1), RETRY_MS)
        setError(thrown instanceof Error ? thrown : new Error(String(thrown)))
      })
    return () => {
      clearTimeout(timer)
      reading.abort()
    }
    // Not for `lines`: those that come meanwhile are another part.
  }, [api, jobId, text, matchCase, from, until, found, attempt])

  const begin = useCallback((wanted: string, withCase: boolean, top: number): void => {
    setError(null)
    act({ do: 'begin', search: wanted === '' ? null : newSearch(wanted, withCase, top) })
  }, [])
  const go = useCallback((going: 'next' | 'previous'): void => {
    setError(null)
    setAttempt((n) => n + 1)
    act({ do: 'go', going })
  }, [])
  return { search, searching: part !== null && error === null, error, begin, go }
}

function reduce(search: Search | null, action: Action): Search | null {
  if (action.do === 'begin') return action.search
  if (search === null) return null
  if (action.do === 'go') return gone(search, action.going)
  if (action.do === 'grow') return withMoreOutput(search)
  return withAnswer(search, action.part, action.answer, action.lines)
}

async function readPart(
  api: Api,
  jobId: string,
  {
    text,
    matchCase,
    part: { from, until },
    signal,
  }: { text: string; matchCase: boolean; part: SearchPart; signal: AbortSignal },
): Promise<SearchAnswer> {
  const matches: SearchAnswer['matches'][number][] = []
  for (let at: number | null = from; ;) {
    const query = new URLSearchParams({ text, from: String(at), limit: String(LIMIT) })
    if (matchCase) query.set('case', 'true')
    const path = `${pathOf(jobId)}/search?${query.toString()}`
    const answer: SearchAnswer = await api.request<SearchAnswer>('GET', path, { signal })
    matches.push(...answer.matches)
    at = answer.next
    // Backwards a part is of use only as a whole.
    if (until === null || at === null || at >= until) return { matches, next: at }
  }
}
