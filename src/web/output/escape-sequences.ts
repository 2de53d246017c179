import { afterReset, simpleStyle } from './style-parameters.ts'

const ESCAPE = '\u001b'
const BELL = '\u0007'
const MAX_STATE = 300
// Colours and styles: parameters that are numbers, parted by `;` or, newer, by `:`.
const STYLE = new RegExp(String.raw`${ESCAPE}\[([\d;:]*)m`, 'g')
// Every other sequence: of a cursor, of a window's title, of a character set. One that does not end takes what is left of it.
const OTHER = new RegExp(
  [
    String.raw`${ESCAPE}\[(?![\d;:]*m)[0-?]*[ -/]*[@-~]?`,
    String.raw`${ESCAPE}[\]PX^_][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\)?`,
    String.raw`${ESCAPE}[ -/]+[0-~]?`,
    String.raw`${ESCAPE}[0-Z\\\x60-~]`,
  ].join('|'),
  'g',
)
const STRAY = new RegExp(String.raw`${ESCAPE}(?!\[[\d;:]*m)`, 'g')
// All control characters but tab, and the escape of styles.
const CONTROLS = new RegExp(String.raw`[^\P{Cc}\t${ESCAPE}]`, 'gu')

/** A line without what a terminal does not show: what a carriage return overwrote, and all sequences but those of style. */
export function shownLine(text: string): string {
  const line = text.endsWith('\r') ? text.slice(0, -1) : text
  const at = line.lastIndexOf('\r') + 1
  // What was set before the carriage return is still set after it.
  const styles = at === 0 ? '' : stylesOf(line.slice(0, at))
  return (styles + line.slice(at))
    .replace(OTHER, '')
    .replace(STRAY, '')
    .replace(CONTROLS, '')
    .replace(STYLE, (_, parameters: string) => sequence(simpleStyle(parameters)))
}

/** The text of a line as it is shown, without any style. */
export function plainLine(text: string): string {
  return shownLine(text).replace(STYLE, '')
}

/** The styles that are set at the end of a line which began with those of `before`, as sequences of limited length. */
export function styleAfter(before: string, line: string): string {
  if (!line.includes(ESCAPE)) return before
  let state = before
  for (const [, parameters = ''] of shownLine(line).matchAll(STYLE)) {
    const { reset, rest } = afterReset(parameters)
    state = (reset ? '' : state) + sequence(rest)
  }
  // Who sets style after style and never resets: the last ones matter.
  if (state.length <= MAX_STATE) return state
  return state.slice(state.indexOf(ESCAPE, state.length - MAX_STATE))
}

function stylesOf(text: string): string {
  return [...text.matchAll(STYLE)].map(([all]) => all).join('')
}

function sequence(parameters: string | null): string {
  return parameters === null ? '' : `${ESCAPE}[${parameters}m`
}
