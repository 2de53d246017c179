import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { IDE_NAMES, SESSION_STATES } from '../../../src/sessions/session.ts'
import {
  filterQuery,
  isHiding,
  matching,
  NO_FILTER,
  parseFilter,
  STATE_FILTERS,
} from '../../../src/web/home/session-filter.ts'
import { SORT_KEYS } from '../../../src/web/home/session-sort.ts'
import { sessionView } from '../../browser/scenes.ts'

const NORMAL = { noNullPrototype: true }
const filters = fc.record(
  {
    text: fc.string({ maxLength: 60, unit: 'grapheme' }).filter((text) => text.length <= 200),
    state: fc.constantFrom(null, ...STATE_FILTERS),
    ide: fc.constantFrom(null, ...IDE_NAMES),
    sort: fc.record({ by: fc.constantFrom(...SORT_KEYS), descending: fc.boolean() }, NORMAL),
  },
  NORMAL,
)

t.test('a filter survives the address bar', async (t) => {
  fc.assert(
    fc.property(filters, (filter) => {
      deepStrictEqual(parseFilter(filterQuery(filter)), filter)
    }),
  )
  t.pass('for all examples')
})

t.test('any address is some filter', async (t) => {
  fc.assert(fc.property(fc.string(), (query) => void filterQuery(parseFilter(query))))
  t.strictSame(parseFilter('state=Nonesuch&ide=emacs&sort=-color&x=1'), NO_FILTER)
  t.strictSame(parseFilter('state=FAILED&sort=-cpu'), {
    ...NO_FILTER,
    state: 'Failed',
    sort: { by: 'cpu', descending: true },
  })
  t.equal(filterQuery(NO_FILTER), '')
})

t.test('what a filter lets through, it finds in the session, and nothing else', async (t) => {
  const sessions = [
    sessionView('a', { name: 'Tax 2026', ide: 'rstudio' }),
    sessionView('b', { ide: 'vscode', state: 'Stopped', reason: 'Idle for too long.' }),
    sessionView('c', { name: 'tax', state: 'Starting' }),
  ]
  const cases: [changes: Partial<typeof NO_FILTER>, ids: string][] = [
    [{}, 'abc'],
    [{ text: 'TAX' }, 'ac'],
    [{ text: ' tax  rstudio ' }, 'a'],
    [{ text: 'vs code' }, 'b'],
    [{ text: 'too long' }, 'b'],
    [{ text: 'stop' }, 'b'],
    [{ state: 'running' }, 'ac'],
    [{ state: 'ended' }, 'b'],
    [{ state: 'Starting' }, 'c'],
    [{ ide: 'rstudio', state: 'ended' }, ''],
  ]
  for (const [changes, ids] of cases) {
    const found = matching(sessions, { ...NO_FILTER, ...changes })
    t.equal(found.map(({ id }) => id).join(''), ids, JSON.stringify(changes))
  }
})

t.test('every state is either running or ended', async (t) => {
  for (const state of SESSION_STATES) {
    const sessions = [sessionView('a', { state })]
    const counts = (['running', 'ended', state] as const).map(
      (each) => matching(sessions, { ...NO_FILTER, state: each }).length,
    )
    t.equal(counts[0], counts[1] === 1 ? 0 : 1, state)
    t.equal(counts[2], 1)
  }
})

t.test('an order alone hides nothing, and spaces neither', async (t) => {
  t.notOk(isHiding({ ...NO_FILTER, text: '  ', sort: { by: 'cpu', descending: true } }))
  t.ok(isHiding({ ...NO_FILTER, state: 'ended' }))
})
