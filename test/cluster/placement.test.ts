import fc from 'fast-check'
import t from 'tap'
import {
  type Member,
  type MemberState,
  place,
  PLACEMENT_STRATEGIES,
  type PlacementStrategy,
} from '../../cluster/index.ts'
import { memberOf, META } from './cluster-of.ts'

interface Figures {
  readonly state?: MemberState
  readonly sessions?: number
  readonly load?: number
  readonly draining?: boolean
}

const member = (name: string, { state = 'alive', ...figures }: Figures = {}): Member =>
  memberOf(name, { state, meta: { ...META, ...figures } })

const request = { user: 'ada', seed: 'session-1' }

const TABLE: readonly [string, PlacementStrategy, readonly Member[], string | undefined][] = [
  ['nobody is there', 'sessions', [], undefined],
  [
    'the fewest sessions',
    'sessions',
    [member('a', { sessions: 3 }), member('b', { sessions: 2 })],
    'b',
  ],
  ['a tie by name', 'sessions', [member('b', { sessions: 2 }), member('a', { sessions: 2 })], 'a'],
  [
    'sessions, not load',
    'sessions',
    [member('a', { sessions: 1, load: 9 }), member('b', { sessions: 2, load: 0 })],
    'a',
  ],
  ['the least load', 'system-load', [member('a', { load: 0.7 }), member('b', { load: 0.69 })], 'b'],
  ['equal load by name', 'system-load', [member('b'), member('a')], 'a'],
  [
    'an idle member that drains gets nothing',
    'sessions',
    [member('a', { draining: true }), member('b', { sessions: 9 })],
    'b',
  ],
  [
    'only alive members get sessions',
    'system-load',
    [
      member('a', { state: 'suspect' }),
      member('b', { state: 'failed' }),
      member('c', { state: 'leaving' }),
      member('d', { load: 5 }),
    ],
    'd',
  ],
  ['all drain', 'random', [member('a', { draining: true })], undefined],
  ['one user, one member', 'user-hash', [member('a')], 'a'],
]

t.test('the table of placements', async (t) => {
  for (const [what, strategy, members, expected] of TABLE) {
    t.equal(place(strategy, members, request)?.name, expected, `${strategy}: ${what}`)
  }
})

const names = fc.uniqueArray(fc.stringMatching(/^[a-z0-9-]{1,12}$/), {
  minLength: 1,
  maxLength: 12,
})
const strategies = fc.constantFrom(...PLACEMENT_STRATEGIES)
const members = names.chain((chosen) =>
  fc.tuple(
    ...chosen.map((name) =>
      fc
        .record({
          state: fc.constantFrom<MemberState>('alive', 'suspect', 'leaving', 'failed'),
          sessions: fc.nat(50),
          load: fc.double({ min: 0, max: 20, noNaN: true }),
          draining: fc.boolean(),
        })
        .map((figures) => member(name, figures)),
    ),
  ),
)
const requests = fc.record({ user: fc.string(), seed: fc.string() })

t.test(
  'a session is placed if and only if some member may have it, and on such a one',
  async () => {
    fc.assert(
      fc.property(strategies, members, requests, (strategy, all, asked) => {
        const may = all.filter(({ state, meta }) => state === 'alive' && !meta.draining)
        const chosen = place(strategy, all, asked)
        return may.length === 0
          ? chosen === undefined
          : chosen !== undefined && may.includes(chosen)
      }),
    )
  },
)

t.test('the order in which members are listed does not matter', async () => {
  fc.assert(
    fc.property(strategies, members, requests, (strategy, all, asked) => {
      return place(strategy, all, asked) === place(strategy, [...all].reverse(), asked)
    }),
  )
})

t.test('no member has fewer sessions, or less load, than the one chosen for that', async () => {
  fc.assert(
    fc.property(members, requests, (all, asked) => {
      const here = all.map((one) => ({
        ...one,
        state: 'alive' as const,
        meta: { ...one.meta, draining: false },
      }))
      const fewest = place('sessions', here, asked)?.meta.sessions
      const least = place('system-load', here, asked)?.meta.load
      return here.every(({ meta }) => meta.sessions >= (fewest ?? 0) && meta.load >= (least ?? 0))
    }),
  )
})

t.test('by user hash, only the users of the one who comes or goes move', async () => {
  fc.assert(
    fc.property(names, fc.array(fc.string(), { maxLength: 50 }), (chosen, users) => {
      const all = chosen.map((name) => member(name))
      const [gone, ...others] = all
      return users.every((user) => {
        const before = place('user-hash', all, { user, seed: 'one' })
        const after = place('user-hash', others, { user, seed: 'another' })
        return before === gone || before === after
      })
    }),
  )
})

t.test('users and sessions spread evenly', async (t) => {
  const all = ['a', 'b', 'c', 'd', 'e'].map((name) => member(name))
  for (const strategy of ['user-hash', 'random'] as const) {
    const counts = new Map<string, number>()
    for (let i = 0; i < 5000; i++) {
      const chosen = place(strategy, all, { user: `user${i}`, seed: `session${i}` })?.name ?? ''
      counts.set(chosen, (counts.get(chosen) ?? 0) + 1)
    }
    for (const [name, count] of counts) {
      t.ok(count > 850 && count < 1150, `${strategy}: ${name} has ${count} of 1000`)
    }
    t.equal(counts.size, 5)
  }
})

t.test('by chance, the same seed chooses the same member', async (t) => {
  const all = ['a', 'b', 'c'].map((name) => member(name))
  const again = (seed: string) => place('random', all, { user: 'ada', seed })
  t.equal(again('one'), again('one'))
  t.ok(['two', 'three', 'four', 'five', 'six'].some((seed) => again(seed) !== again('one')))
})
