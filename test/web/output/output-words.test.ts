import t from 'tap'
import type { Span } from '../../../src/web/output/ansi-spans.ts'
import { markMatches } from '../../../src/web/output/mark-matches.ts'
import { askedLine, sizeWords, toEndWords } from '../../../src/web/output/output-words.ts'

t.test('what is searched for is marked, also over several colours', async (t) => {
  const span = (text: string, colour: string | null = null): Span => ({
    text,
    colour,
    styles: [],
    ink: null,
    ground: null,
  })
  const marked = (spans: readonly Span[], text: string, matchCase = false) =>
    markMatches(spans, text, matchCase).map((piece) =>
      piece.marked ? `[${piece.text}]` : piece.text,
    )
  t.strictSame(marked([span('one two one')], 'one'), ['[one]', ' two ', '[one]'])
  t.strictSame(marked([span('One one')], 'ONE'), ['[One]', ' ', '[one]'])
  t.strictSame(marked([span('One one')], 'one', true), ['One ', '[one]'])
  t.strictSame(marked([span('er', 'red'), span('ror')], 'error'), ['[er]', '[ror]'])
  t.strictSame(marked([span('aaaa')], 'aa'), ['[aa]', '[aa]'])
  t.strictSame(marked([span('text')], ''), ['text'])
  t.strictSame(marked([span('İx İ')], 'x'), ['İx İ'], 'no place is guessed')
  t.strictSame(marked([], 'x'), [])
})

t.test('a line to go to is one that there is', async (t) => {
  const cases: [text: string, lines: number, line: number | null][] = [
    ['1', 10, 0],
    [' 7 ', 10, 6],
    ['1,500,000', 2_000_000, 1_499_999],
    ['99', 10, 9],
    ['0', 10, 0],
    ['', 10, null],
    ['x', 10, null],
    ['1', 0, null],
  ]
  for (const [text, lines, line] of cases) t.equal(askedLine(text, lines), line, text)
})

t.test('how much there is and has come is said', async (t) => {
  t.equal(sizeWords({ lines: 1, bytes: 5 }), '1 line, 5 B')
  t.equal(sizeWords({ lines: 1_500_000, bytes: 100 * 2 ** 20 }), '1,500,000 lines, 100 MiB')
  t.equal(toEndWords(0), 'Jump to the end')
  t.equal(toEndWords(1), 'Jump to the end, 1 new line')
  t.equal(toEndWords(1234), 'Jump to the end, 1,234 new lines')
})
