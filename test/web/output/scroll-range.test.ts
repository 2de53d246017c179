import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import {
  isExact,
  MAX_SCROLL_PX,
  movedBy,
  placeAfterScroll,
  placeAt,
  rowsAt,
  scrollHeightOf,
  scrollTopOf,
  type Geometry,
} from '../../../src/web/output/scroll-range.ts'

const geometry = (lines: number, changes: Partial<Geometry> = {}): Geometry => ({
  lines,
  rowPx: 20,
  meanPx: 20,
  viewPx: 600,
  wrap: false,
  ...changes,
})
const SMALL = geometry(1000)
const LARGE = geometry(1_500_000)
const row = () => 20
const TOP = { at: 'line', line: 0, px: 0 } as const

t.test('what is scrolled is never higher than a browser can draw', async (t) => {
  t.equal(scrollHeightOf(SMALL), 20_000)
  t.equal(scrollHeightOf(LARGE), MAX_SCROLL_PX)
  t.equal(scrollHeightOf(geometry(100_000_000)), MAX_SCROLL_PX)
})

t.test('as long as it is small enough, a px of the scroll bar is a px of the output', async (t) => {
  t.ok(isExact(SMALL))
  t.notOk(isExact(LARGE))
  t.notOk(isExact({ ...SMALL, wrap: true }))
  t.strictSame(placeAt(430, SMALL), { at: 'line', line: 21, px: 10 })
  t.strictSame(placeAt(20_000 - 600, SMALL), { at: 'end' })
})

t.test('the ends and the middle of the scroll bar are those of the output', async (t) => {
  for (const each of [SMALL, LARGE, geometry(10), geometry(0)]) {
    t.equal(scrollTopOf(TOP, each), 0)
    t.equal(scrollTopOf({ at: 'end' }, each), Math.max(0, scrollHeightOf(each) - 600))
  }
  const middle = placeAt(MAX_SCROLL_PX / 2, LARGE)
  t.ok(middle.at === 'line' && Math.abs(middle.line - 750_000) < 100)
})

t.test('the place of a position has that position', async () => {
  const cases = fc.tuple(fc.nat({ max: 30_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  fc.assert(
    fc.property(cases, ([lines, part]) => {
      const each = geometry(lines)
      const top = part * Math.max(0, scrollHeightOf(each) - each.viewPx)
      assert.ok(Math.abs(scrollTopOf(placeAt(top, each), each) - top) <= 1.01)
    }),
  )
})

t.test('a small movement is made as it is, however far the scroll bar is scaled', async (t) => {
  const from = { at: 'line', line: 700_000, px: 5 } as const
  const scrollTop = scrollTopOf(from, LARGE)
  const down = placeAfterScroll(from, { scrollTop: scrollTop + 100, delta: 100 }, LARGE, row)
  t.strictSame(down, { at: 'line', line: 700_005, px: 5 })
  const up = placeAfterScroll(from, { scrollTop: scrollTop - 30, delta: -30 }, LARGE, row)
  t.strictSame(up, { at: 'line', line: 699_998, px: 15 })
})

t.test('a large movement goes where the scroll bar says', async (t) => {
  const move = { scrollTop: MAX_SCROLL_PX / 4, delta: MAX_SCROLL_PX / 4 }
  t.strictSame(placeAfterScroll(TOP, move, LARGE, row), placeAt(MAX_SCROLL_PX / 4, LARGE))
  const end = { scrollTop: MAX_SCROLL_PX - 600, delta: 1_000_000 }
  t.strictSame(placeAfterScroll(TOP, end, LARGE, row), { at: 'end' })
})

t.test('at an end of the scroll bar nothing is skipped that was not seen', async (t) => {
  const most = MAX_SCROLL_PX - 600
  const far = { at: 'line', line: 1_000_000, px: 0 } as const
  const near = { at: 'line', line: 1_499_950, px: 0 } as const
  const down = { scrollTop: most, delta: 40 }
  t.strictSame(placeAfterScroll(far, down, LARGE, row), { at: 'line', line: 1_000_002, px: 0 })
  t.strictSame(placeAfterScroll(near, down, LARGE, row), { at: 'end' })
  const up = { scrollTop: 0, delta: -40 }
  t.strictSame(placeAfterScroll(far, up, LARGE, row), { at: 'line', line: 999_998, px: 0 })
  t.strictSame(placeAfterScroll({ ...far, line: 3 }, up, LARGE, row), TOP)
})

t.test('wrapped lines are passed by their heights', async (t) => {
  const high = (line: number) => (line % 2 === 0 ? 100 : 20)
  const from = { at: 'line', line: 10, px: 90 } as const
  t.strictSame(movedBy(from, 40, 100, high), { at: 'line', line: 12, px: 10 })
  t.strictSame(movedBy(from, -100, 100, high), { at: 'line', line: 9, px: 10 })
  t.strictSame(movedBy(from, -100_000, 100, high), TOP)
  t.equal(movedBy(from, 100_000, 100, high).line, 99)
})

t.test('no more rows are drawn than some views of them', async () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 30_000_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (lines, part) => {
        const each = geometry(lines)
        const place = placeAt(part * scrollHeightOf(each), each)
        const { first, end } = rowsAt(place, each)
        assert.ok(first >= 0 && end <= lines && end - first <= 120)
        // The view is full, or there is no more.
        const top = place.at === 'line' ? place.line : Math.max(0, lines - 30)
        assert.ok(first <= top && end >= Math.min(lines, top + 31))
      },
    ),
  )
})
