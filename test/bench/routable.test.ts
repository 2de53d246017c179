import t from 'tap'
import { arrivals } from '../../bench/routable/arrivals.ts'
import { hintingDatabase, withHint } from '../../bench/routable/hinting-database.ts'
import {
  merged,
  routableFigures,
  routableGrids,
  type RoutableMeasurement,
  routableTimes,
} from '../../bench/routable/routable-result.ts'
import type { Database } from '../../src/postgres/connect.ts'
import { PostgresSessionStore } from '../../src/postgres/session-store.ts'

const measured = (changes: Partial<RoutableMeasurement> = {}): RoutableMeasurement => ({
  hinting: 'own statement',
  commitDelayMs: 0,
  rate: 100,
  routableMs: [4, 2, 3],
  commitMs: [1, 2, 1],
  perSecond: 100,
  ...changes,
})

/** The statements that a store runs for one change, the hint among them. */
async function statements(hinting: RoutableMeasurement['hinting']): Promise<readonly string[]> {
  const run: string[] = []
  const database: Pick<Database, 'query'> = {
    query: async (text) => {
      run.push(text)
      // What the store makes a session of; all else may be missing.
      return text.includes('returning') ? [{ id: 's', version: 2 } as never] : []
    },
  }
  const store = new PostgresSessionStore({ database: hintingDatabase(database, hinting) })
  await store.update('s', 1, { state: 'Active' })
  return run
}

t.test(
  'a hint is in a statement of its own, or in that of the change, and never in both',
  async (t) => {
    const [change, hint, ...more] = await statements('own statement')
    t.match(change, /^update atelier\.sessions/)
    t.notMatch(change, /pg_notify/)
    t.match(hint, /^select pg_notify/)
    t.same(more, [])
    const together = await statements('in the transaction')
    t.equal(together.length, 1)
    t.match(together[0], /^with changed as \(update atelier\.sessions [^]* pg_notify\('atelier'/)
    t.match(withHint('update x'), /^with changed as \(update x\) select changed\.\*/)
  },
)

t.test('events come in order, and on average at their rate', async (t) => {
  t.same(
    arrivals(10, 3, () => 1 - 1 / Math.E).map((at) => Math.round(at)),
    [100, 200, 300],
  )
  t.same(
    arrivals(10, 2, () => 0),
    [0, 0],
    'even two at once',
  )
})

t.test('a change counts from before its write, and all have to be seen', async (t) => {
  const change = (id: string, begun: number) => ({ id, begun, committed: begun + 1 })
  const changes = [change('a', 10), change('b', 20)]
  t.same(
    routableTimes(
      changes,
      new Map([
        ['b', 25],
        ['a', 12],
      ]),
    ),
    [2, 5],
  )
  t.equal(routableTimes(changes, new Map([['a', 12]])), undefined)
})

t.test('rounds of the same kind are one row, and kinds are not mixed', async (t) => {
  const all = merged([
    measured(),
    measured({ hinting: 'in the transaction' }),
    measured({ routableMs: [9], commitMs: [7], perSecond: 90 }),
    measured({ rate: undefined, routableMs: [] }),
    measured({ commitDelayMs: 5 }),
  ])
  t.equal(all.length, 4)
  t.match(all[0], { routableMs: [4, 2, 3, 9], commitMs: [1, 2, 1, 7], perSecond: 95 })
  t.match(routableGrids(all), [
    {
      title: '100 changes/s',
      rows: [
        { name: 'hint own statement', cells: [3, 9, 4, 1, 7, 95] },
        { name: 'hint in the transaction', cells: [3, 4, 3, 1, 2, 100] },
      ],
    },
    {
      title: /^as many changes as/,
      rows: [{ cells: [undefined, undefined, undefined, 1, 2, 100] }],
    },
    { title: '100 changes/s, each commit 5 ms slower', rows: [{}] },
  ])
})

t.test('what stands for us is our own way on the disk of the machine', async (t) => {
  const figures = routableFigures([
    measured(),
    measured({ hinting: 'in the transaction', routableMs: [99] }),
    measured({ commitDelayMs: 5, routableMs: [99] }),
    measured({ rate: undefined, routableMs: [] }),
  ])
  t.same(figures, [
    { name: 'routable on another node at 100 changes/s, p50', value: 3, unit: 'ms' },
    { name: 'routable on another node at 100 changes/s, p99', value: 4, unit: 'ms' },
  ])
})
