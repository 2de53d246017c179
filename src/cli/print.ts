import type { CliContext } from './context.ts'
import type { JsonOption } from './describe.ts'

/** Prints an answer: as JSON in one line when that was asked for, else as text. */
export function print(
  { stdout }: Pick<CliContext, 'stdout'>,
  { json }: JsonOption,
  answer: { readonly json: unknown; readonly text: string },
): void {
  stdout.write(`${json ? JSON.stringify(answer.json) : answer.text}\n`)
}

/** Rows under their headings, in columns as wide as they need to be. */
export function textTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  // What somebody has called something must not be able to steer the terminal of whoever lists it.
  const all = [headings, ...rows].map((row) => row.map((cell) => cell.replaceAll(/\p{Cc}/gu, '?')))
  const widths = headings.map((_, column) =>
    Math.max(...all.map((row) => (row[column] ?? '').length)),
  )
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
