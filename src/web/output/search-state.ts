/** Matching lines that are looked for by themselves; further ones when somebody goes there. */
export const ENOUGH_MATCHES = 5000

const LEAST_BLOCK = 2000
const MOST_BLOCK = 500_000

/** What `GET /jobs/{id}/search` answers. */
export interface SearchAnswer {
  readonly matches: readonly { readonly line: number; readonly text: string }[]
  /** The line to go on from; null when the output ends there. */
  readonly next: number | null
}

/** A search: the lines from `from` to before `to` were looked through, and `lines` of them match, in order. */
export interface Search {
  readonly text: string
  readonly matchCase: boolean
  readonly from: number
  readonly to: number
  /** True once `to` was the end. */
  readonly ended: boolean
  /** True if there is more by now. */
  readonly more: boolean
  readonly lines: readonly number[]
  /** The place in `lines` of the match that is shown; null before the first. */
  readonly current: number | null
  /** Where somebody wants to go, as soon as it is found. */
  readonly going: 'next' | 'previous' | null
  /** What is said beside the count: that the search went on at the other end. */
  readonly notice: string | null
}

/** What to look through next: from a line, no further than to before `until`. */
export interface SearchPart {
  readonly from: number
  readonly until: number | null
}

/** A new search, which begins at what is looked at. */
export function newSearch(text: string, matchCase: boolean, top: number): Search {
  const blank = { ended: false, more: false, lines: [], current: null, notice: null }
  return { text, matchCase, from: top, to: top, ...blank, going: 'next' }
}

/** What is to be looked through now; null if all was, or enough was found. */
export function nextPart(search: Search): SearchPart | null {
  const { from, to, ended, more, going, lines } = search
  const enough = lines.length >= ENOUGH_MATCHES
  const before = from === 0 ? null : { from: Math.max(0, from - blockOf(search)), until: from }
  const after = ended && !more ? null : { from: to, until: null }
  if (going === 'previous') return before ?? after
  if (going === 'next') return after ?? before
  return enough ? null : (after ?? before)
}

/** The search after a part of it was answered, when the output had `outputLines` lines. */
export function withAnswer(
  search: Search,
  part: SearchPart,
  answer: SearchAnswer,
  outputLines: number,
): Search {
  const { until } = part
  const found = answer.matches.map(({ line }) => line)
  if (until === null) {
    const last = search.lines.at(-1) ?? -1
    // The last line may still be being written: it is looked through again when there is more.
    const to = answer.next ?? Math.max(search.to, outputLines - 1)
    const isEnd = answer.next === null
    const lines = [...search.lines, ...found.filter((line) => line > last)]
    return arrived({
      ...search,
      lines,
      to,
      ended: search.ended || isEnd,
      more: search.ended && !isEnd,
    })
  }
  const before = found.filter((line) => line < until)
  const current = search.current === null ? null : search.current + before.length
  return arrived({ ...search, lines: [...before, ...search.lines], from: part.from, current })
}

/** The search when somebody goes to the next or previous match. */
export function gone(search: Search, going: 'next' | 'previous'): Search {
  return arrived({ ...search, going, notice: null })
}

/** The search after the output has grown. */
export function withMoreOutput(search: Search): Search {
  return search.ended && !search.more ? { ...search, more: true } : search
}

/** The number of the line that is gone to; null if there is none. */
export function currentLine({ lines, current }: Search): number | null {
  return current === null ? null : (lines[current] ?? null)
}

/** True if all of the output was looked through, but for what has come since. */
export function isSearched({ from, ended }: Search): boolean {
  return from === 0 && ended
}

// So many lines backwards as have a few hundred matches, by what was found so far.
function blockOf({ from, to, lines }: Search): number {
  const seen = to - from
  if (lines.length === 0) return Math.max(LEAST_BLOCK, seen)
  return Math.round(Math.min(Math.max((seen / lines.length) * 300, LEAST_BLOCK), MOST_BLOCK))
}

function arrived(search: Search): Search {
  const { going, current, lines } = search
  if (going === null) return search
  const wanted = going === 'next' ? (current ?? -1) + 1 : (current ?? lines.length) - 1
  if (wanted >= 0 && wanted < lines.length) return { ...search, current: wanted, going: null }
  // At this end there may be more; and at the other one, where the search goes on when here is none.
  if (!isSearched(search)) return search
  if (lines.length === 0) return { ...search, current: null, going: null }
  const notice =
    going === 'next' ? 'The search went on at the top.' : 'The search went on at the end.'
  return { ...search, current: going === 'next' ? 0 : lines.length - 1, going: null, notice }
}
