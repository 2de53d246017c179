import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { plainLine, shownLine, styleAfter } from '../../../src/web/output/escape-sequences.ts'

const E = '\u001b'
const STYLE = new RegExp(`${E}\\[[\\d;]*m`)

t.test('a line is shown as a terminal would', async (t) => {
  const cases: [what: string, line: string, shown: string][] = [
    ['plain text', 'one\ttwo', 'one\ttwo'],
    ['a line of Windows', 'one\r', 'one'],
    ['a progress bar', '10 %\r50 %\r99 %', '99 %'],
    ['a progress bar that ends its line', '10 %\r99 %\r', '99 %'],
    ['a colour', `${E}[31mred${E}[0m`, `${E}[31mred${E}[0m`],
    ['a colour that a carriage return leaves', `${E}[31mred\rmore`, `${E}[31mmore`],
    ['the erasing of a line, as of gcc', `${E}[01m${E}[Kbold${E}[m${E}[K`, `${E}[01mbold${E}[m`],
    ['a cursor that hides and moves', `a${E}[?25lb${E}[2;3Hc${E}[1A`, 'abc'],
    ['a window title', `${E}]0;title\u0007a${E}]0;other${E}\\b`, 'ab'],
    ['a link', `${E}]8;;https://example.org${E}\\text${E}]8;;${E}\\`, 'text'],
    ['a title that does not end', `a${E}]0;title`, 'a'],
    ['a sequence that does not end', `a${E}[3`, 'a'],
    ['an escape at the end', `a${E}`, 'a'],
    ['character sets and modes', `${E}(Ba${E}=b${E}7c`, 'abc'],
    ['control characters', 'a\u0008\u0000b\u0085', 'ab'],
    ['colours in the newer way', `${E}[38:2::255:0:9mx`, `${E}[38;2;255;0;9mx`],
    ['the same without a colour space', `${E}[38:2:1:2:3;1mx`, `${E}[38;2;1;2;3;1mx`],
    ['a palette in the newer way', `${E}[48:5:200mx`, `${E}[48;5;200mx`],
    ['a curly underline', `${E}[4:3mx${E}[4:0my`, `${E}[4mx${E}[24my`],
    ['the colour of an underline', `${E}[58;5;1mx${E}[58;2;1;2;3;1my`, `x${E}[1my`],
  ]
  for (const [what, line, shown] of cases) t.equal(shownLine(line), shown, what)
})

t.test('a style goes on in the next line until it is reset', async (t) => {
  const cases: [what: string, before: string, line: string, after: string][] = [
    ['none', '', 'text', ''],
    ['one that goes on', `${E}[31m`, 'text', `${E}[31m`],
    ['one that begins', '', `text ${E}[1;31mred`, `${E}[1;31m`],
    ['one after another', `${E}[1m`, `${E}[31m`, `${E}[1m${E}[31m`],
    ['a reset', `${E}[31m`, `red${E}[0m`, ''],
    ['a short reset', `${E}[31m`, `red${E}[m`, ''],
    ['a reset with another', `${E}[31m`, `red${E}[0;32m`, `${E}[32m`],
    ['a reset in the middle', '', `${E}[31;0;4m`, `${E}[4m`],
    ['no reset: the 0 of a colour', '', `${E}[38;2;255;0;0m`, `${E}[38;2;255;0;0m`],
    ['no reset: the 0 of a palette', '', `${E}[38;5;0m`, `${E}[38;5;0m`],
    ['no style: a cursor', `${E}[1m`, `${E}[0K${E}[2J`, `${E}[1m`],
  ]
  for (const [what, before, line, after] of cases) t.equal(styleAfter(before, line), after, what)
})

t.test('styles that are never reset do not grow for ever', async (t) => {
  let style = ''
  for (let n = 0; n < 1000; n += 1) style = styleAfter(style, `${E}[38;5;${n % 256}mx`)
  t.ok(style.length <= 300, `${style.length} characters`)
  t.match(style, new RegExp(`^(?:${E}\\[38;5;\\d+m)+$`))
  t.ok(style.endsWith(`${E}[38;5;${999 % 256}m`))
})

t.test('whatever is printed, plain text has no control characters', async () => {
  const unit = fc.oneof(
    fc.constantFrom(...`${E}[]\u0007\r\t;:0358m\u009b\u0000KX(`.split('')),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 40 }), (units) => {
      const line = units.join('')
      assert.doesNotMatch(plainLine(line), /[^\P{Cc}\t]/u)
      assert.doesNotMatch(shownLine(line).split(STYLE).join(''), /[^\P{Cc}\t]/u)
    }),
    { numRuns: 2000 },
  )
})
