import { stripVTControlCharacters } from 'node:util'

const LINES = 40
const WIDTH = 500

/** The last lines of an IDE's output, fit to be kept and shown: no control sequences, no secret, at most 40 lines. */
export function logTail(output: string, ...secrets: readonly string[]): string {
  // First of all, as the secret could be hidden between them.
  const plain = stripVTControlCharacters(output).replaceAll(/[^\P{Cc}\t\n]/gu, '')
  const lines = secrets
    .reduce((text, secret) => text.replaceAll(secret, '…'), plain)
    .replaceAll(/([?&]token=)[^&\s"']+/g, '$1…')
    .split('\n')
    .map((line) => (line.length > WIDTH ? `${line.slice(0, WIDTH)}…` : line))
  while (lines.at(-1)?.trim() === '') lines.pop()
  return lines.slice(-LINES).join('\n')
}
