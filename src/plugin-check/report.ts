import type { Verdict } from './verdict.ts'

const MARKS = { pass: '✔', fail: '✘', 'not supported': '–', skipped: '·' } as const

/** One verdict in a line, with the reason below unless it is a pass. */
export function verdictText({ name, behaviour, result, why, says }: Verdict): string {
  const lines = [`${MARKS[result]} ${name.padEnd(20)} ${behaviour}`]
  if (why !== undefined) lines.push(result === 'fail' ? why : `${result}: ${why}`)
  if (result === 'fail') lines.push(`Protocol: ${says}`)
  return lines.join('\n    ')
}

/** How many checks came to what, in a sentence. */
export function summaryText(verdicts: readonly Verdict[]): string {
  const counts = countVerdicts(verdicts)
  const parts = [`${counts.pass} passed`, `${counts.fail} failed`]
  if (counts['not supported'] > 0) parts.push(`${counts['not supported']} not supported`)
  if (counts.skipped > 0) parts.push(`${counts.skipped} skipped`)
  const seconds = verdicts.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000
  return `${verdicts.length} checks in ${seconds.toFixed(0)} s: ${parts.join(', ')}.`
}

/** How many checks came to what. */
export function countVerdicts(verdicts: readonly Verdict[]): Record<Verdict['result'], number> {
  const counts = { pass: 0, fail: 0, 'not supported': 0, skipped: 0 }
  for (const { result } of verdicts) counts[result] += 1
  return counts
}
