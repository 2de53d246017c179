import { afterReset, simpleStyle } from './style-parameters.ts'

const ESCAPE = '\u001b'
const MAX_STATE = 300
// Colours and styles: parameters that are numbers, parted by `;` or, newer, by `:`.
const STYLE = /\u001b\[([\d;:]*)m/g
// Every other sequence: of a cursor, of a window's title, of a character set. One that does not end takes what is left of it.
const OTHER =
  /\u001b(?:\[(?![\d;:]*m)[0-?]*[ -/]*[@-~]?|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]+[0-~]?|[0-Z\\`-~])/g
const STRAY = /\u001b(?!\[[\d;:]*m)/g
// All control characters but tab, and the escape of styles.
const CONTROLS = /[^\P{Cc}\t\u001b]/gu

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
