import { formatBytes } from '../format/format-usage.ts'
import type { OutputSize } from './output-line.ts'
import { currentLine, isSearched, type Search } from './search-state.ts'

/** A number with its thousands apart: `1,500,000`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en')
}

/** How much output there is: `1,500,000 lines, 100 MiB`. */
export function sizeWords({ lines, bytes }: Pick<OutputSize, 'lines' | 'bytes'>): string {
  return `${counted(lines, 'line')}, ${formatBytes(bytes)}`
}

/** What is said of a search: where it is and how many lines match, as far as was looked. */
export function searchWords(search: Search, searching: boolean): string {
  const { lines, current, going, notice } = search
  const searched = isSearched(search)
  if (lines.length === 0) return searched ? 'No line matches' : searching ? 'Searching…' : ''
  const count = counted(lines.length, 'line')
  const more = searching ? ' so far, searching…' : ' or more'
  const line = currentLine(search)
  if (going !== null && searching) return `Searching on, ${count} so far`
  if (searched && current !== null) {
    return `${formatCount(current + 1)} of ${count}${notice === null ? '' : `. ${notice}`}`
  }
  return `${line === null ? '' : `Line ${formatCount(line + 1)}, `}${count}${searched ? '' : more}`
}

/** The line, from 0, that somebody asks to go to; null if it is none of so many. */
export function askedLine(text: string, lines: number): number | null {
  const digits = text.trim().replaceAll(/[,.'\s]/g, '')
  if (!/^\d+$/.test(digits) || lines === 0) return null
  return Math.min(Math.max(Number(digits), 1), lines) - 1
}

/** How many lines came since somebody left the end, for the button that leads there. */
export function toEndWords(fresh: number): string {
  return fresh > 0
    ? `Jump to the end, ${formatCount(fresh)} new ${fresh === 1 ? 'line' : 'lines'}`
    : 'Jump to the end'
}

function counted(count: number, unit: string): string {
  return `${formatCount(count)} ${unit}${count === 1 ? '' : 's'}`
}
