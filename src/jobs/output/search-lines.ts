import { LineCutter } from './line-cutter.ts'
import type { OutputReader } from './output-reader.ts'
import { withoutEnd } from './read-lines.ts'

/** What is looked for in an output. */
export interface OutputSearch {
  readonly text: string
  /** The line to begin with. */
  readonly from: number
  /** How many lines are found at most. */
  readonly limit: number
  readonly isCaseSensitive: boolean
  /** True when it has taken long enough, or nobody waits for it any more. */
  readonly isOver: () => boolean
}

/** Lines that have the text, and the line to go on with; null if all have been looked at. */
export interface FoundLines {
  readonly matches: readonly { readonly line: number; readonly text: string }[]
  readonly next: number | null
}

/** Looks through the lines of an output, some 256 KiB at a time, until there are enough or it is over. */
export async function searchLines(
  reader: OutputReader,
  { text, from, limit, isCaseSensitive, isOver }: OutputSearch,
): Promise<FoundLines> {
  const size = await reader.size()
  const has = matcher(text, isCaseSensitive)
  const known = await reader.indexed(from)
  const cutter = new LineCutter(known)
  const matches: { line: number; text: string }[] = []
  let rest = Buffer.alloc(0)
  for await (const chunk of reader.chunks(known.offset, size)) {
    const first = cutter.current
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const starts = [first.offset]
    cutter.push(chunk, (_, offset) => void starts.push(offset))
    const open = cutter.current.offset - first.offset
    const isLast = cutter.at >= size
    const whole = isLast ? bytes : bytes.subarray(0, open)
    // Of most chunks no line need be looked at by itself.
    if (has(whole)) {
      for (const [place, start] of starts.entries()) {
        const line = first.line + place
        const begin = start - first.offset
        const end = (starts[place + 1] ?? first.offset + whole.length) - first.offset
        if (line < from || begin >= whole.length) continue
        const found = withoutEnd(whole.subarray(begin, end))
        if (!has(found)) continue
        if (matches.length === limit) return { matches, next: line }
        matches.push({ line, text: found.toString('utf8') })
      }
    }
    rest = Buffer.from(bytes.subarray(open))
    if (!isLast && isOver()) return { matches, next: Math.max(from, cutter.current.line) }
  }
  return { matches, next: null }
}

/** Tells whether bytes have a text in them, as it is shown: colours in the middle of it do not matter. */
function matcher(text: string, isCaseSensitive: boolean): (bytes: Buffer) => boolean {
  const wanted = isCaseSensitive ? text : text.toLowerCase()
  return (bytes) => {
    const shown = withoutSequences(bytes.toString('utf8'))
    return (isCaseSensitive ? shown : shown.toLowerCase()).includes(wanted)
  }
}

function withoutSequences(text: string): string {
  const [first = '', ...parts] = text.split('\u001b[')
  return first + parts.map((part) => part.replace(/^[0-?]*[ -/]*[@-~]/, '')).join('')
}
