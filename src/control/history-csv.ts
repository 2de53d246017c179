import type { HistoryJson } from './history-json.ts'

const COLUMNS = [
  'kind',
  'id',
  'user',
  'name',
  'ide',
  'jobKind',
  'node',
  'profile',
  'createdAt',
  'startedAt',
  'endedAt',
  'seconds',
  'state',
  'exitCode',
  'cpuSeconds',
  'peakMemoryBytes',
  'reason',
] as const satisfies readonly (keyof HistoryJson)[]

/** The names of the columns, as the first line of a CSV file (RFC 4180). */
export const HISTORY_CSV_HEAD = csvLine(COLUMNS)

/** A run as a line of a CSV file. */
export function historyCsv(entry: HistoryJson): string {
  return csvLine(COLUMNS.map((column) => entry[column]))
}

/**
 * A line of a CSV file (RFC 4180). Text that a spreadsheet would run as a formula gets an apostrophe in front, as everybody
 * can name a session.
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function csvCell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const plain = /^\s*[=+\-@\t\r\n|%＝＋－＠]/u.test(value) ? `'${value}` : value
  return /[",\r\n']/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
