import { DEFAULT_THEME } from '@mantine/core'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { ANSI_NAMES, GROUNDS, paletteColour } from '../../../src/web/output/ansi-colours.ts'
import { spansOf, type Span } from '../../../src/web/output/ansi-spans.ts'
import { contrastOf, readableOn, type Rgb } from '../../../src/web/output/contrast.ts'
import { plainLine } from '../../../src/web/output/escape-sequences.ts'
import { cssVariables } from '../../../src/web/theme.ts'

const E = '\u001b'

t.test('a line becomes pieces of one look each', async (t) => {
  const cases: [what: string, line: string, pieces: string[]][] = [
    ['plain text', 'text', ['text']],
    ['nothing', '', []],
    ['colours', `a${E}[31mb${E}[92mc${E}[0md`, ['a', 'b red', 'c bright-green', 'd']],
    ['styles', `${E}[1;3mb${E}[22mi${E}[23;4mu`, ['b bold italic', 'i italic', 'u underline']],
    ['the first sixteen of the palette', `${E}[38;5;9mx`, ['x bright-red']],
    ['a style that is not shown', `${E}[5;8mx`, ['x']],
    ['markup', '<b onclick="x()">&amp;</b>', ['<b onclick="x()">&amp;</b>']],
    ['markup with a colour', `${E}[31m<i>&lt;`, ['<i>&lt; red']],
  ]
  const look = ({ text, colour, styles }: Span) =>
    [text, ...(colour === null ? [] : [colour]), ...styles].join(' ')
  for (const [what, line, pieces] of cases) t.strictSame(spansOf(line).map(look), pieces, what)
})

t.test('a line begins with the styles of the line before', async (t) => {
  t.match(spansOf('text', `${E}[31m${E}[1m`), [{ text: 'text', colour: 'red', styles: ['bold'] }])
  t.strictSame(spansOf('', `${E}[31m`), [])
})

t.test('other colours and backgrounds are told as CSS has them', async (t) => {
  const [orange] = spansOf(`${E}[38;5;208mx`)
  t.match(orange, { colour: null, ground: null, ink: { dark: 'rgb(255 135 0)' } })
  const [ground] = spansOf(`${E}[48;2;10;20;30mx`)
  t.match(ground, { ground: 'rgb(10 20 30)', ink: { light: 'rgb(255 255 255)' } })
  const [turned] = spansOf(`${E}[7mx`)
  t.match(turned, { ground: 'rgb(210 210 210)', ink: { dark: 'rgb(0 0 0)' } })
})

t.test('every colour of the palette can be read, on the page and on each other', async () => {
  const all = Array.from({ length: 256 }, (_, index) => paletteColour(index))
  for (const colour of all) {
    for (const ground of [...Object.values(GROUNDS), ...all]) {
      assert.ok(
        contrastOf(readableOn(ground, colour), ground) >= 4.5,
        `${colour.join()} on ${ground.join()}`,
      )
    }
  }
})

t.test('a colour that can be read is left alone', async (t) => {
  t.strictSame(readableOn(GROUNDS.light, [0, 0, 139]), [0, 0, 139])
})

t.test('the sixteen colours of the style sheet can be read in both schemes', async (t) => {
  const css = readFileSync(
    new URL('../../../src/web/output/ansi.module.css', import.meta.url),
    'utf8',
  )
  for (const name of ANSI_NAMES) {
    const found = [...css.matchAll(new RegExp(`--ansi-${name}: (#\\w{6});`, 'g'))]
    const [light, dark] = found.map(([, hex]) => rgb(hex))
    assert.ok(light !== undefined && dark !== undefined, `${name} has a colour for each scheme`)
    t.ok(contrastOf(light, GROUNDS.light) >= 4.5, `${name} on light`)
    t.ok(contrastOf(dark, GROUNDS.dark) >= 4.5, `${name} on dark`)
    t.ok(css.includes(`.${name} {\n  color: var(--ansi-${name});`), `${name} has a class`)
  }
})

t.test('the grounds are those of the theme', async (t) => {
  const { light, dark } = cssVariables(DEFAULT_THEME)
  t.strictSame(rgb(light['--mantine-color-body']), GROUNDS.light)
  t.strictSame(rgb(dark['--mantine-color-body']), GROUNDS.dark)
})

t.test('whatever is printed, the pieces are its plain text', async () => {
  const unit = fc.oneof(
    fc.constantFrom(`${E}[31m`, `${E}[0m`, `${E}[K`, `${E}[38;5;300m`, `${E}[48:2::1:2:3m`, E),
    fc.constantFrom('<', '&', '[31m', '\r', 'text'),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 20 }), (units) => {
      const line = units.join('')
      assert.equal(
        spansOf(line)
          .map(({ text }) => text)
          .join(''),
        plainLine(line),
      )
    }),
    { numRuns: 2000 },
  )
})

function rgb(hex: string | undefined): Rgb {
  const channel = (at: number) => Number.parseInt((hex ?? '').slice(at, at + 2), 16)
  return [channel(1), channel(3), channel(5)]
}
