import { ok } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { isComputing, isMeant } from '../../../src/web/home/bulk-action.ts'
import {
  afterAll,
  afterClick,
  NO_SELECTION,
  onlyShown,
  type Selection,
} from '../../../src/web/list/selection.ts'
import { SESSION_STATES } from '../../../src/sessions/session.ts'
import { inParallel } from '../../../src/web/api/in-parallel.ts'
import { sessionView } from '../../browser/scenes.ts'

const shown = ['a', 'b', 'c', 'd', 'e']
const ids = (selection: Selection) => [...selection.ids].toSorted().join('')
const click = (selection: Selection, id: string, range = false) =>
  afterClick(selection, { id, range, shown })

t.test('a click selects a row, the next one frees it', async (t) => {
  const one = click(NO_SELECTION, 'b')
  t.equal(ids(one), 'b')
  t.equal(ids(click(one, 'b')), '')
})

t.test(
  'with the shift key all rows between are selected, or freed, in both directions',
  async (t) => {
    t.equal(ids(click(click(NO_SELECTION, 'b'), 'd', true)), 'bcd')
    t.equal(ids(click(click(NO_SELECTION, 'd'), 'b', true)), 'bcd')
    const all = afterAll(NO_SELECTION, shown)
    t.equal(ids(click(click(all, 'b'), 'd', true)), 'ae')
    t.equal(ids(click(NO_SELECTION, 'c', true)), 'c', 'without a row before, only that one')
    const gone = { ids: new Set<string>(), anchor: 'gone' }
    t.equal(ids(click(gone, 'c', true)), 'c', 'nor if that row has gone')
  },
)

t.test('all shown rows are selected, then none', async (t) => {
  const all = afterAll(click(NO_SELECTION, 'b'), shown)
  t.equal(ids(all), 'abcde')
  t.equal(ids(afterAll(all, shown)), '')
  t.equal(ids(afterAll(NO_SELECTION, [])), '')
})

t.test('nothing out of sight is ever selected', async (t) => {
  const clicks = fc.array(fc.tuple(fc.constantFrom(...shown, 'x'), fc.boolean()))
  fc.assert(
    fc.property(clicks, fc.subarray(shown), (clicks, later) => {
      const selection = clicks.reduce((so, [id, range]) => click(so, id, range), NO_SELECTION)
      ok([...selection.ids].every((id) => shown.includes(id)))
      const visible = onlyShown(selection, later)
      ok([...visible.ids].every((id) => later.includes(id) && selection.ids.has(id)))
    }),
  )
  t.pass('for all examples')
})

t.test('a session that has ended is removed only by whoever asks for that', async (t) => {
  for (const state of SESSION_STATES) {
    const ended = state === 'Stopped' || state === 'Failed'
    t.equal(isMeant('remove', { state }), ended, state)
    t.equal(isMeant('force', { state }), !ended, state)
    t.equal(isMeant('stop', { state }), !ended && state !== 'Stopping', state)
  }
})

t.test('what uses a processor computes, unless it has ended', async (t) => {
  t.ok(isComputing(sessionView('a', { cpuPercent: 80 })))
  t.notOk(isComputing(sessionView('a', { cpuPercent: 1 })))
  t.notOk(isComputing(sessionView('a', { cpuPercent: null })))
  t.notOk(isComputing(sessionView('a', { cpuPercent: 80, state: 'Stopped' })))
})

t.test('work in parallel is done once each, and never more of it than allowed', async (t) => {
  const done: number[] = []
  let running = 0
  let most = 0
  await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    running += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    done.push(item)
  })
  t.strictSame(
    done.toSorted((a, b) => a - b),
    [1, 2, 3, 4, 5, 6, 7],
  )
  t.equal(most, 3)
})
