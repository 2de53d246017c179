import type { Span } from './ansi-spans.ts'

/** A piece of a line, and whether it is what is searched for. */
export interface MarkedSpan extends Span {
  readonly marked: boolean
}

/** The pieces of a line, cut where `text` begins and ends in them; a match may go over several. */
export function markMatches(
  spans: readonly Span[],
  text: string,
  matchCase: boolean,
): readonly MarkedSpan[] {
  const cuts = matchesIn(spans.map((span) => span.text).join(''), text, matchCase)
  if (cuts.length === 0) return spans.map((span) => ({ ...span, marked: false }))
  const pieces: MarkedSpan[] = []
  let start = 0
  for (const span of spans) {
    const end = start + span.text.length
    let at = start
    for (const [from, to] of cuts) {
      if (to <= at || from >= end) continue
      const [left, right] = [Math.max(from, at), Math.min(to, end)]
      if (left > at) pieces.push(cut(span, at - start, left - start, false))
      pieces.push(cut(span, left - start, right - start, true))
      at = right
    }
    if (at < end) pieces.push(cut(span, at - start, end - start, false))
    start = end
  }
  return pieces
}

function matchesIn(line: string, text: string, matchCase: boolean): readonly [number, number][] {
  if (text === '') return []
  const fold = (value: string): string => (matchCase ? value : value.toLowerCase())
  const [where, what] = [fold(line), fold(text)]
  // A letter may be longer in lower case: then the places would not fit.
  if (where.length !== line.length) return []
  const found: [number, number][] = []
  for (let at = where.indexOf(what); at !== -1; at = where.indexOf(what, at + what.length)) {
    found.push([at, at + what.length])
  }
  return found
}

function cut(span: Span, from: number, to: number, marked: boolean): MarkedSpan {
  return { ...span, text: span.text.slice(from, to), marked }
}
