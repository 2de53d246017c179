/** Lines kept of an IDE's output; older ones are dropped by the block. */
export const MAX_LINES = 5000
const BLOCK_LINES = 250
const MAX_LINE_LENGTH = 2000
const MAX_ESCAPE_LENGTH = 200
const ESCAPE = '\u001b'
const BELL = '\u0007'
const CONTROL = /\p{Cc}/u

/** Some lines of output that change only by growing; `key` tells blocks apart. */
export interface OutputBlock {
  readonly key: number
  readonly lines: number
  readonly text: string
}

/** Output so far: whole lines in blocks, the line being written, and an escape sequence cut off by the chunk's end. */
export interface OutputText {
  readonly blocks: readonly OutputBlock[]
  readonly partial: string
  readonly escape: string
}

/** No output yet. */
export const NO_OUTPUT: OutputText = { blocks: [], partial: '', escape: '' }

/** The output with a chunk of a terminal's text added: bounded, without escape sequences, `\r` overwriting its line. */
export function withOutput(output: OutputText, chunk: string): OutputText {
  const [text, escape] = splitOpenEscape(output.escape + chunk)
  const lines = (output.partial + withoutEscapes(text)).split('\n')
  const partial = shortenedSoFar(overwritten(lines.pop() ?? ''))
  return { blocks: withLines(output.blocks, lines.map(finishedLine)), partial, escape }
}

/** The whole output as one text. */
export function outputAsText({ blocks, partial }: OutputText): string {
  return blocks.map(({ text }) => text).join('') + finishedLine(partial)
}

/** A log as plain text, cleaned like live output. */
export function plainText(log: string): string {
  return outputAsText(withOutput(NO_OUTPUT, log))
}

function withLines(
  blocks: readonly OutputBlock[],
  lines: readonly string[],
): readonly OutputBlock[] {
  const grown = [...blocks]
  let rest = lines.slice(-MAX_LINES)
  while (rest.length > 0) {
    const last = grown.at(-1)
    const open = last !== undefined && last.lines < BLOCK_LINES
    const block = open ? last : { key: (last?.key ?? 0) + 1, lines: 0, text: '' }
    const added = rest.slice(0, BLOCK_LINES - block.lines)
    rest = rest.slice(added.length)
    if (open) grown.pop()
    grown.push({
      key: block.key,
      lines: block.lines + added.length,
      text: block.text + added.map((line) => `${line}\n`).join(''),
    })
  }
  return grown.slice(-MAX_LINES / BLOCK_LINES)
}

function finishedLine(line: string): string {
  return shortened(overwritten(line).replace(/\r$/, ''))
}

// What a terminal would show: the text after the last carriage return that is not the very end.
function overwritten(line: string): string {
  return line.slice(line.lastIndexOf('\r', line.length - 2) + 1)
}

function shortened(line: string): string {
  return line.length > MAX_LINE_LENGTH ? `${line.slice(0, MAX_LINE_LENGTH)}…` : line
}

// What comes next overwrites a line that ends so, however long it is.
function shortenedSoFar(line: string): string {
  return line.endsWith('\r') ? `${shortened(line.slice(0, -1))}\r` : shortened(line)
}

function splitOpenEscape(text: string): [text: string, open: string] {
  const start = text.lastIndexOf(ESCAPE)
  if (start === -1 || text.length - start > MAX_ESCAPE_LENGTH) return [text, '']
  const tail = text.slice(start + 1)
  const open = /^(?:\[[0-?]*)?[ -/]*$/.test(tail) || (tail.startsWith(']') && !CONTROL.test(tail))
  return open ? [text.slice(0, start), text.slice(start)] : [text, '']
}

function withoutEscapes(text: string): string {
  const [first = '', ...parts] = text.split(ESCAPE)
  // Control characters other than tab and line ends show as boxes.
  return (first + parts.map(afterEscape).join('')).replace(/[^\P{Cc}\t\n\r]/gu, '')
}

function afterEscape(part: string): string {
  if (part.startsWith('[')) return part.replace(/^\[[0-?]*[ -/]*[@-~]?/, '')
  if (part.startsWith(']')) {
    const end = part.search(CONTROL)
    if (end === -1) return ''
    return part.slice(part[end] === BELL ? end + 1 : end)
  }
  return part.replace(/^[ -/]*[0-~]?/, '')
}
