import { stripVTControlCharacters } from 'node:util'

const LINES = 40
const WIDTH = 500

/** The last lines of an IDE's output, fit to be kept and shown: no control sequences, no secret, at most 40 lines. */
export function logTail(output: string, secret: string): string {
  const lines = stripVTControlCharacters(output)
    .replaceAll(secret, '…')
    .replaceAll(/([?&]token=)[^&\s"']+/g, '$1…')
    // oxlint-disable-next-line no-control-regex -- control characters are what is removed here
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .split('\n')
    .map((line) => (line.length > WIDTH ? `${line.slice(0, WIDTH)}…` : line))
  while (lines.at(-1)?.trim() === '') lines.pop()
  return lines.slice(-LINES).join('\n')
}
