import t from 'tap'
import type { Update } from '../../cluster/datagram-schema.ts'
import { syncTargets } from '../../cluster/sync-targets.ts'
import { changesBetween, viewOf } from '../../cluster/view.ts'

function record(
  name: string,
  {
    host = `10.0.0.${name.charCodeAt(0)}:7946`,
    state = 0,
    boot = 'first',
    startedAt = 1,
    going,
    sessions = 0,
  }: {
    host?: string
    state?: 0 | 1 | 2
    boot?: string
    startedAt?: number
    going?: 1 | 2
    sessions?: number
  } = {},
): Update {
  const meta = { n: name, b: boot, t: startedAt, u: 'http://x', v: '1', s: sessions, l: 0 }
  return { host, state, incarnation: 1, meta: going ? { ...meta, g: going } : meta }
}

t.test('what is known of an address becomes the state of a member', async (t) => {
  for (const [what, given, expected] of [
    ['alive', record('a'), 'alive'],
    ['suspect', record('a', { state: 1 }), 'suspect'],
    ['gone without a word', record('a', { state: 2 }), 'failed'],
    ['goes soon', record('a', { going: 1 }), 'leaving'],
    ['suspect while it goes', record('a', { state: 1, going: 1 }), 'suspect'],
    ['died while it went', record('a', { state: 2, going: 1 }), 'failed'],
    ['gone as it said', record('a', { state: 2, going: 2 }), undefined],
  ] as const) {
    t.equal(viewOf([given]).get('a')?.state, expected, what)
  }
})

t.test('of several addresses with one name, the one that is here counts', async (t) => {
  const old = record('a', { host: '10.0.0.1:1', startedAt: 1 })
  const recent = record('a', { host: '10.0.0.2:1', startedAt: 2 })
  const address = (...records: readonly Update[]) => viewOf(records).get('a')?.address
  t.equal(address(old, recent), '10.0.0.2:1', 'the later one')
  t.equal(address(recent, old), '10.0.0.2:1')
  t.equal(address(old, { ...recent, state: 2 }), '10.0.0.1:1', 'the one that has not failed')
  t.equal(address({ ...old, state: 1 }, { ...recent, state: 2 }), '10.0.0.1:1')
  t.equal(viewOf([{ ...old, state: 2 }, record('a', { startedAt: 3, state: 2, going: 2 })]).size, 0)
})

t.test('what happens between two views', async (t) => {
  const alive = [record('a')]
  const failed = [record('a', { state: 2 })]
  for (const [what, before, after, expected] of [
    ['comes', [], alive, ['join']],
    ['comes as a suspect', [], [record('a', { state: 1 })], ['join']],
    ['is heard of only when dead', [], failed, []],
    ['says nothing new', alive, alive, []],
    ['has another session', alive, [record('a', { sessions: 1 })], ['update']],
    ['is suspect', alive, [record('a', { state: 1 })], ['update']],
    ['goes soon', alive, [record('a', { going: 1 })], ['update']],
    ['dies', alive, failed, ['fail']],
    ['stays dead', failed, failed, []],
    ['comes back', failed, alive, ['join']],
    ['comes back anew', failed, [record('a', { boot: 'second' })], ['join']],
    ['restarts', alive, [record('a', { boot: 'second' })], ['restart']],
    [
      'restarts elsewhere',
      alive,
      [record('a', { boot: 'second', host: '10.0.0.9:1' })],
      ['restart'],
    ],
    ['leaves', alive, [record('a', { state: 2, going: 2 })], ['leave']],
    ['is forgotten after its death', failed, [], []],
    ['two things', alive, [record('b')], ['leave', 'join']],
  ] as const) {
    const events = changesBetween(viewOf(before), viewOf(after)).map(({ event }) => event)
    t.same(events, expected, what)
  }
})

t.test('a sync goes to a member, to unknown seeds and to some that failed', async (t) => {
  const records = [
    record('a'),
    record('b', { state: 1 }),
    record('c', { state: 2 }),
    record('d', { state: 2 }),
    record('e', { state: 2 }),
    record('f', { state: 2, going: 2 }),
  ]
  const [a, b, c, d, e, f] = records.map(({ host }) => host)
  const local = '10.0.0.1:1'
  const seeds = [local, a, c, '10.0.0.200:1'].filter((seed) => seed !== undefined)
  t.same(syncTargets({ records, seeds, local, random: () => 0 }), [a, c, '10.0.0.200:1', d])
  t.same(syncTargets({ records, seeds: [], local, random: () => 0.99 }), [b, e, d])
  t.notOk(syncTargets({ records, seeds: [], local, random: () => 0.99 }).includes(f ?? ''))
  t.same(syncTargets({ records: [], seeds: [], local, random: () => 0 }), [])
})
