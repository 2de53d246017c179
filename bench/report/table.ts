import {
  type Cell,
  type Grid,
  middle,
  ratio,
  type Result,
  type Sample,
  type Series,
  seriesOf,
  throughputSpread,
} from './result.ts'

/** The contender that all others are compared with. */
const OURS = 'atelier'

/** A result as a table for a terminal. The last two columns say how many times the contender's figure ours is. */
export function resultTable(result: Result): string {
  const lines = [result.title]
  if (result.series.length > 0) lines.push(...columns(seriesRows(result)))
  if (result.figures.length > 0) {
    const rows = result.figures.map(({ name, value, unit }) => [name, `${short(value)} ${unit}`])
    lines.push(...columns(rows))
  }
  for (const grid of result.grids ?? []) lines.push('', ...gridLines(grid))
  return `${lines.join('\n')}\n`
}

function gridLines({ title, columns: heads, rows }: Grid): readonly string[] {
  const body = rows.map(({ name, cells }) => [name, ...cells.map(cellText)])
  return [title, ...columns([['', ...heads], ...body])]
}

function cellText(cell: Cell | undefined): string {
  if (cell === undefined) return '-'
  if (typeof cell === 'number') return short(cell)
  return `${short(cell.p50)}/${short(cell.max)}`
}

function seriesRows(result: Result): readonly (readonly string[])[] {
  const ours = seriesOf(result, OURS)
  const head = ['', `${result.unit}/s`, 'spread', 'MiB/s', 'p50 ms', 'p99 ms', 'CPU µs']
  const rows = result.series.map((series) => [
    series.contender,
    shortOf(series, 'perSecond'),
    series.samples.length < 2 ? '' : `±${Math.round(throughputSpread(series) * 100)} %`,
    shortOf(series, 'mebibytesPerSecond'),
    shortOf(series, 'p50Ms'),
    shortOf(series, 'p99Ms'),
    shortOf(series, 'cpuMicroseconds'),
    times(ours, series, 'perSecond'),
    times(ours, series, 'cpuMicroseconds'),
  ])
  return [[...head, 'our rate', 'our CPU'], ...rows]
}

function shortOf(series: Series, metric: keyof Sample): string {
  const value = middle(series, metric)
  return value === undefined ? '' : short(value)
}

function times(ours: Series | undefined, series: Series, metric: keyof Sample): string {
  if (ours === undefined || series === ours) return ''
  const value = ratio(ours, series, metric)
  return value === undefined ? '' : `${value.toFixed(2)}x`
}

/** A number with three digits that say something. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '-'
  if (Math.abs(value) >= 100) return String(Math.round(value))
  return String(Number(value.toPrecision(3)))
}

/** Rows with their cells below each other: the first column to the left, the others to the right. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, cell.length)
    }
  }
  return rows.map((row) => {
    const cells = row.map((cell, index) =>
      index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0),
    )
    return `  ${cells.join('  ')}`.trimEnd()
  })
}
