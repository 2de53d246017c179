import t from 'tap'
import { hopFigures, hops } from '../../bench/cases/compared.ts'
import { peersOf } from '../../bench/contenders/bench-node.ts'
import type { Series } from '../../bench/report/result.ts'

const series = (contender: string, rates: readonly number[], cpu: number): Series => ({
  contender,
  samples: rates.map((perSecond) => ({ perSecond, cpuMicroseconds: cpu })),
})

t.test('two nodes in a row are compared with one, within each round', async (t) => {
  const measured = [
    series('atelier', [1000, 100, 900], 50),
    series('two-hops', [500, 50, 450], 110),
  ]
  t.same(hopFigures(measured), [
    { name: 'two hops compared with one: rate', value: 0.5, unit: 'x' },
    { name: 'two hops compared with one: CPU', value: 2.2, unit: 'x' },
  ])
})

t.test('one node is compared with an earlier commit only where there is one', async (t) => {
  t.same(hops(undefined).contenders, ['atelier', 'two-hops'])
  t.same(hops('/a/worktree').contenders, ['atelier', 'two-hops', 'earlier'])
  const measured = [series('atelier', [1000], 50), series('earlier', [800], 100)]
  t.same(hopFigures(measured), [
    { name: 'one hop compared with earlier: rate', value: 1.25, unit: 'x' },
    { name: 'one hop compared with earlier: CPU', value: 0.5, unit: 'x' },
  ])
})

t.test('the holder is the only other node, and no session leaves it', async (t) => {
  const peers = peersOf({ name: 'holder', url: 'http://127.0.0.1:1' })
  t.match(peers.get('holder'), { name: 'holder', url: 'http://127.0.0.1:1', failed: false })
  t.equal(peers.get('other'), undefined)
  await t.rejects(peers.refresh('s'), /no session moves/)
})
