import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { searchWords } from '../../../src/web/output/output-words.ts'
import {
  currentLine,
  ENOUGH_MATCHES,
  gone,
  isSearched,
  newSearch,
  nextPart,
  withAnswer,
  withMoreOutput,
  type Search,
  type SearchAnswer,
  type SearchPart,
} from '../../../src/web/output/search-state.ts'

// A server that finds these lines, and looks through so many lines at a time.
function answerOf(matching: readonly number[], lines: number, atOnce = 1000) {
  return ({ from, until }: SearchPart): SearchAnswer => {
    const end = until ?? Math.min(from + atOnce, lines)
    const found = matching.filter((line) => line >= from && line < end)
    return {
      matches: found.map((line) => ({ line, text: '' })),
      next: end >= lines ? null : end,
    }
  }
}

function searched(
  search: Search,
  answer: (part: SearchPart) => SearchAnswer,
  lines: number,
): Search {
  for (let n = 0; n < 10_000; n += 1) {
    const part = nextPart(search)
    if (part === null) return search
    search = withAnswer(search, part, answer(part), lines)
  }
  throw new Error('the search does not end')
}

t.test('a search begins at what is looked at, and goes round', async (t) => {
  const answer = answerOf([5, 4000, 4100, 9000], 10_000)
  const all = searched(newSearch('x', false, 4050), answer, 10_000)
  t.strictSame(all.lines, [5, 4000, 4100, 9000])
  t.equal(currentLine(all), 4100)
  t.ok(isSearched(all))
  t.equal(searchWords(all, false), '3 of 4 lines')
  const next = gone(all, 'next')
  t.equal(currentLine(next), 9000)
  const round = gone(next, 'next')
  t.equal(currentLine(round), 5)
  t.equal(searchWords(round, false), '1 of 4 lines. The search went on at the top.')
  const back = gone(round, 'previous')
  t.equal(currentLine(back), 9000)
  t.match(searchWords(back, false), /went on at the end/)
})

t.test('the next match is gone to before all is looked through', async (t) => {
  const first = newSearch('x', false, 500)
  const part = nextPart(first)
  t.strictSame(part, { from: 500, until: null })
  assert.ok(part !== null)
  const answer = { matches: [{ line: 700, text: '' }], next: 1500 }
  const search = withAnswer(first, part, answer, 9000)
  t.equal(currentLine(search), 700)
  t.equal(searchWords(search, true), 'Line 701, 1 line so far, searching…')
})

t.test('what is before is found as soon as somebody goes there', async (t) => {
  const answer = answerOf([100, 990, 1200], 5000)
  let search = newSearch('x', false, 1000)
  const part = nextPart(search)
  assert.ok(part !== null)
  search = gone(withAnswer(search, part, answer(part), 5000), 'previous')
  t.equal(nextPart(search)?.until, 1000, 'it is looked for backwards')
  t.equal(currentLine(searched(search, answer, 5000)), 990)
})

t.test('a text that is nowhere is said to be', async (t) => {
  const none = searched(newSearch('x', false, 300), answerOf([], 5000), 5000)
  t.equal(searchWords(none, false), 'No line matches')
  t.equal(currentLine(gone(none, 'next')), null)
  t.equal(nextPart(gone(none, 'next')), null)
})

t.test(
  'of a text that is everywhere some thousand lines are found, and more when asked',
  async (t) => {
    const every = Array.from({ length: 50_000 }, (_, n) => n)
    const answer = answerOf(every, 50_000)
    const some = searched(newSearch('x', false, 20_000), answer, 50_000)
    t.ok(some.lines.length >= ENOUGH_MATCHES && some.lines.length < 2 * ENOUGH_MATCHES)
    t.match(searchWords(some, false), /^Line 20,001, 5,000 lines or more$/)
    const last = { ...some, current: some.lines.length - 1 }
    t.equal(currentLine(searched(gone(last, 'next'), answer, 50_000)), (some.lines.at(-1) ?? 0) + 1)
    const first = { ...some, current: 0 }
    t.equal(currentLine(searched(gone(first, 'previous'), answer, 50_000)), 19_999)
  },
)

t.test('lines that come meanwhile are looked through, each once', async (t) => {
  const before = searched(newSearch('x', false, 0), answerOf([10, 99], 100), 100)
  t.ok(isSearched(before))
  const more = withMoreOutput(before)
  t.ok(nextPart(more), 'they are looked through')
  t.equal(searchWords(more, true), '1 of 2 lines', 'and nothing is said of it')
  const after = searched(more, answerOf([10, 99, 100, 150], 200), 200)
  t.strictSame(after.lines, [10, 99, 100, 150])
  t.equal(currentLine(after), 10, 'and nobody is led away by them')
})

t.test('whatever is done, the matches found are those there are, in order', async () => {
  const lines = 3000
  const matching = fc.uniqueArray(fc.nat({ max: lines - 1 }), { maxLength: 60 })
  const steps = fc.array(fc.constantFrom('next' as const, 'previous' as const), { maxLength: 12 })
  fc.assert(
    fc.property(matching, fc.nat({ max: lines - 1 }), steps, (found, top, going) => {
      const sorted = found.toSorted((a, b) => a - b)
      const answer = answerOf(sorted, lines, 700)
      let search = searched(newSearch('x', true, top), answer, lines)
      assert.deepEqual(search.lines, sorted)
      for (const step of going) {
        const from = currentLine(search)
        search = searched(gone(search, step), answer, lines)
        if (from === null) continue
        const at = sorted.indexOf(from) + (step === 'next' ? 1 : -1)
        assert.equal(currentLine(search), sorted.at(at % sorted.length))
      }
    }),
  )
})
