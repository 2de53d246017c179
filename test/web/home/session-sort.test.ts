import { deepStrictEqual, equal } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import {
  firstSort,
  heldOrder,
  NEWEST_FIRST,
  parseSort,
  SORT_KEYS,
  sorted,
  sortWord,
} from '../../../src/web/home/session-sort.ts'
import { manySessions, sessionView } from '../../browser/scenes.ts'

const at = (hour: number) => `2026-01-01T0${hour}:00:00Z`
const sessions = [
  sessionView('a', { name: 'run 10', createdAt: at(1), lastUsedAt: at(9), cpuPercent: 5 }),
  sessionView('b', { name: 'Run 9', createdAt: at(2), lastUsedAt: at(3), memoryBytes: null }),
  sessionView('c', { createdAt: at(3), state: 'Failed', cpuPercent: null, memoryBytes: 9 }),
]

for (const [word, ids] of [
  ['-started', 'cba'],
  ['started', 'abc'],
  ['name', 'cba'],
  ['-name', 'abc'],
  ['state', 'bac'],
  ['-used', 'acb'],
  ['-cpu', 'abc'],
  ['cpu', 'bac'],
  ['-memory', 'acb'],
  ['memory', 'cab'],
] as const) {
  t.test(`sessions in the order ${word}`, async (t) => {
    const times = sessions.map((each) => (each.id === 'c' ? { ...each, lastUsedAt: at(5) } : each))
    const shown = sorted(times, parseSort(word))
    t.equal(shown.map(({ id }) => id).join(''), ids)
    t.equal(sortWord(parseSort(word)), word)
  })
}

t.test('a word that is no order is the usual one', async (t) => {
  for (const word of [null, '', '-', '--cpu', 'colour', '-constructor']) {
    t.equal(parseSort(word), NEWEST_FIRST, String(word))
  }
  t.strictSame(firstSort('name'), { by: 'name', descending: false })
  t.strictSame(firstSort('cpu'), { by: 'cpu', descending: true })
})

t.test('sorting loses and doubles nothing', async (t) => {
  const orders = fc.record(
    { by: fc.constantFrom(...SORT_KEYS), descending: fc.boolean() },
    { noNullPrototype: true },
  )
  const many = manySessions(50)
  fc.assert(
    fc.property(fc.shuffledSubarray([...many]), orders, (some, order) => {
      const ids = sorted(some, order).map(({ id }) => id)
      deepStrictEqual(new Set(ids), new Set(some.map(({ id }) => id)))
      equal(ids.length, some.length)
    }),
  )
  t.pass('for all examples')
})

t.test('while an order is held, rows stay, gone ones leave, and new ones come first', async (t) => {
  const [a, b, c] = sessions
  if (a === undefined || b === undefined || c === undefined) throw new Error('three sessions')
  const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id).join('')
  t.equal(ids(heldOrder([c, b, a], ['a', 'b', 'c'])), 'abc')
  t.equal(ids(heldOrder([c, b, a], ['b', 'a'])), 'cba')
  t.equal(ids(heldOrder([c, a], ['a', 'b', 'c'])), 'ac')
})
