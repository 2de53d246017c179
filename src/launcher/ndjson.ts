import { AtelierError } from '../errors.ts'

/** Longest line that is accepted, in characters; a piece of output is at most about 400 000. */
const MAX_LINE = 8_388_608

/** Each value as a line of JSON. */
export async function* toLines(values: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const value of values) yield `${JSON.stringify(value)}\n`
}

/** The values of a stream of lines of JSON; what follows the last line end is dropped. Throws on what is not JSON. */
export async function* fromLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > MAX_LINE) throw new AtelierError('INTERNAL', 'A line is too long.')
    for (const line of lines) yield JSON.parse(line)
  }
}
