import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import {
  MAX_LINES,
  NO_OUTPUT,
  outputAsText,
  plainText,
  withOutput,
} from '../../../src/web/start/output-text.ts'

const shown = (...chunks: string[]): string => outputAsText(chunks.reduce(withOutput, NO_OUTPUT))

t.test('output is shown as plain text', async (t) => {
  const cases: [what: string, chunks: string[], text: string][] = [
    ['lines and a line being written', ['one\ntw', 'o\nthree'], 'one\ntwo\nthree'],
    ['lines of Windows', ['one\r\ntwo\r', '\nthree'], 'one\ntwo\nthree'],
    ['colours', ['\u001b[1;31mred\u001b[0m plain'], 'red plain'],
    ['a colour cut in two', ['a\u001b', '[3', '1mb'], 'ab'],
    ['a window title', ['\u001b]0;title\u0007a\u001b]0;other\u001b\\b'], 'ab'],
    ['a window title cut in two', ['a\u001b]0;ti', 'tle\u0007b'], 'ab'],
    ['a character set and a cursor', ['\u001b(Ba\u001b[?25lb\u001b=c'], 'abc'],
    ['a progress bar', ['10 %\r', '50 %\r', '99 %'], '99 %'],
    ['a progress bar that ends', ['10 %\r99 %\r\ndone\n'], '99 %\ndone\n'],
    ['control characters', ['a\u0008\u0000b\tc'], 'ab\tc'],
    ['an escape that never ends', [`\u001b]${'x'.repeat(300)}`, ' y\nz'], ' y\nz'],
    ['a window title that never ends', ['\u001b]0;title\nnext'], '\nnext'],
  ]
  for (const [what, chunks, text] of cases) t.equal(shown(...chunks), text, what)
})

t.test('a line without an end is cut, and stays cut however long it gets', async (t) => {
  const lines = shown('x'.repeat(10_000), 'y'.repeat(10_000), '\nnext').split('\n')
  t.match(lines[0], /^x{2000}…/)
  t.ok((lines[0] ?? '').length < 2010)
  t.equal(lines[1], 'next')
})

t.test('only the last lines are kept, however they come', async (t) => {
  const numbered = Array.from({ length: 20_000 }, (_, n) => `${n}\n`)
  for (const chunks of [[numbered.join('')], numbered]) {
    const lines = shown(...chunks).split('\n')
    t.ok(lines.length <= MAX_LINES + 1 && lines.length > MAX_LINES - 250, `${lines.length} lines`)
    t.equal(lines.at(-2), '19999')
  }
})

t.test('a block that is full is the same object after more output', async (t) => {
  const first = withOutput(NO_OUTPUT, 'line\n'.repeat(300))
  const second = withOutput(first, 'line\n'.repeat(10))
  t.equal(second.blocks[0], first.blocks[0])
  t.equal(new Set(second.blocks.map(({ key }) => key)).size, second.blocks.length)
})

t.test('a log is cleaned like live output', async (t) => {
  t.equal(plainText('\u001b[31mError\u001b[0m\nat line 3'), 'Error\nat line 3')
})

t.test('output looks the same however it is cut into chunks', async () => {
  const cut = fc.oneof(fc.nat({ max: 30 }), fc.constantFrom(1999, 2000, 2001))
  const piece = fc.constantFrom(
    'a',
    'bc',
    ' ',
    '\n',
    '\r',
    '\r\n',
    '\t',
    '\u001b[1;31m',
    '\u001b[0m',
    '\u001b[?25l',
    '\u001b]0;title\u0007',
    '\u001b]0;other\u001b\\',
    '\u001b(B',
    '\u001b=',
    '\u0008',
    'ä',
    '😀',
    'x'.repeat(1999),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 15 }), fc.array(cut), (all, sizes) => {
      const text = all.join('')
      const chunks: string[] = []
      let at = 0
      for (const size of sizes) chunks.push(text.slice(at, (at += size)))
      chunks.push(text.slice(at))
      assert.equal(shown(...chunks), shown(text))
    }),
    { numRuns: 2000 },
  )
})

t.test('whatever an IDE prints, what is shown has no control characters and an end', async () => {
  const unit = fc.oneof(
    fc.constantFrom(...'\u001b[]\u0007\n\r\t;0m\u009b\u0000'.split('')),
    fc.string(),
  )
  const text = fc.array(unit, { maxLength: 40 }).map((units) => units.join(''))
  fc.assert(
    fc.property(fc.array(text), (chunks) => {
      const plain = shown(...chunks)
      assert.doesNotMatch(plain, /[^\P{Cc}\t\n\r]/u)
      for (const line of plain.split('\n')) assert.ok(line.length <= 2001)
    }),
    { numRuns: 1000 },
  )
})
