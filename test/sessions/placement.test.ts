import fc from 'fast-check'
import t from 'tap'
import { type Member, type MemberMeta, type PlacementStrategy } from '../../cluster/index.ts'
import { AtelierError } from '../../src/errors.ts'
import { Placement } from '../../src/sessions/placement.ts'
import { LOAD_OF_START, withFresherFigures } from '../../src/sessions/placement-figures.ts'
import type { Session, SessionState } from '../../src/sessions/session.ts'
import { memberOf, META } from '../cluster/cluster-of.ts'
import { session } from '../fixtures/session.ts'
import { silent } from '../fixtures/silent-log.ts'

const NOW = Date.now()
const member = (name: string, meta: Partial<MemberMeta> = {}, changed: Partial<Member> = {}) =>
  memberOf(name, { meta: { ...META, ...meta }, ...changed })

let ids = 0
/** A session on that node that is in this state for so many ms. */
const held = (node: string, state: SessionState = 'Active', age = 3_600_000): Session =>
  session({ id: `s${ids++}`, node, state, stateAt: new Date(NOW - age) })

/** Placement over these members and sessions; what is placed becomes a session that is Starting. */
function placing(
  strategy: PlacementStrategy,
  members: readonly Member[],
  sessions: Session[] = [],
  program?: { choose: (user: string, candidates: readonly Member[]) => Promise<string> },
) {
  const warned: unknown[] = []
  const placement = new Placement({
    members: () => members,
    sessions: () => sessions,
    strategy,
    program,
    log: {
      debug: () => undefined,
      info: () => undefined,
      warn: (what: unknown) => void warned.push(what),
      error: () => undefined,
    },
  })
  const start = (seed = `seed-${ids++}`) =>
    placement.place({ user: 'ada', seed }, async (node) => {
      sessions.push(held(node, 'Starting', 0))
      return node
    })
  return { placement, start, warned }
}

const refusing =
  (...drained: readonly string[]) =>
  async (node: string) => {
    if (drained.includes(node)) throw new AtelierError('NO_NODE')
    return node
  }
const wish = { user: 'ada', seed: 's' }

t.test('the table of placements', async (t) => {
  const cases: [string, PlacementStrategy, Member[], Session[], string][] = [
    [
      'what this node knows counts, not what gossip tells',
      'sessions',
      [member('a', { sessions: 9 }), member('b')],
      [held('b')],
      'a',
    ],
    [
      'a session that has ended does not count',
      'sessions',
      [member('a'), member('b')],
      [held('a', 'Stopped'), held('a', 'Failed'), held('b')],
      'a',
    ],
    [
      'nobody but alive members',
      'sessions',
      [
        member('a', {}, { state: 'suspect' }),
        member('b', {}, { state: 'leaving' }),
        member('c', {}, { state: 'failed' }),
        member('d', { draining: true }),
        member('e'),
      ],
      [held('e')],
      'e',
    ],
    [
      'load',
      'system-load',
      [member('a', { load: 0.2 }), member('b', { load: 0.1 })],
      [held('b')],
      'b',
    ],
    [
      'a session that starts counts as load',
      'system-load',
      [member('a', { load: 0.2 }), member('b', { load: 0.1 })],
      [held('b', 'Starting')],
      'a',
    ],
    [
      'so does one that has just started',
      'system-load',
      [member('a', { load: 0.2 }), member('b', { load: 0.1 })],
      [held('b', 'Active', 1000)],
      'a',
    ],
    [
      'not one that started minutes ago',
      'system-load',
      [member('a', { load: 0.2 }), member('b', { load: 0.1 })],
      [held('b', 'Active', 300_000)],
      'b',
    ],
    [
      'not one that is out of use',
      'system-load',
      [member('a', { load: 0.2 }), member('b', { load: 0.1 })],
      [held('b', 'Idle', 1000)],
      'b',
    ],
    [
      'a clock that is behind the database',
      'system-load',
      [member('a', { load: 0.2 }), member('b', { load: 0.1 })],
      [held('b', 'Active', -60_000)],
      'a',
    ],
  ]
  for (const [what, strategy, members, sessions, expected] of cases) {
    t.equal(await placing(strategy, members, sessions).start(), expected, what)
  }
})

t.test('the same user, and the same seed, get the same node', async (t) => {
  const members = ['a', 'b', 'c', 'd'].map((name) => member(name))
  const byUser = placing('user-hash', members)
  const byChance = placing('random', members)
  const nodes = await Promise.all([1, 2, 3, 4].map(() => byUser.start()))
  t.equal(new Set(nodes).size, 1)
  t.equal(await byChance.start('x'), await byChance.start('x'))
})

t.test('without a node that takes sessions there is NO_NODE', async (t) => {
  const drained = member('a', { draining: true })
  await t.rejects(placing('sessions', []).start(), { code: 'NO_NODE' })
  await t.rejects(placing('sessions', [drained]).start(), { code: 'NO_NODE' })
})

t.test('a node that refuses is followed by another, until none is left', async (t) => {
  const { placement } = placing('sessions', [member('a'), member('b'), member('c')])
  t.equal(await placement.place(wish, refusing('a')), 'b')
  t.equal(await placement.place(wish, refusing('a', 'b')), 'c')
  await t.rejects(placement.place(wish, refusing('a', 'b', 'c')), { code: 'NO_NODE' })
  const broken = placement.place(wish, () => Promise.reject(new Error('another error')))
  await t.rejects(broken, /another error/, 'any other error is no refusal')
  t.equal(await placement.place(wish, refusing()), 'a', 'and nothing counts that failed')
})

t.test('a node that is wanted last gets a session only if no other takes it', async (t) => {
  const { placement } = placing('sessions', [member('a'), member('b')], [held('b')])
  t.equal(await placement.place({ ...wish, last: 'a' }, refusing()), 'b')
  t.equal(await placement.place({ ...wish, last: 'a' }, refusing('b')), 'a')
  await t.rejects(placement.place({ ...wish, last: 'a' }, refusing('a', 'b')), { code: 'NO_NODE' })
})

for (const strategy of ['sessions', 'system-load'] as const) {
  t.test(`${strategy}: starts at the same moment spread, before any row is known`, async (t) => {
    const { placement } = placing(strategy, [member('a'), member('b'), member('c')])
    let release = () => {}
    const released = new Promise<void>((resolve) => (release = resolve))
    const chosen: string[] = []
    const all = Array.from({ length: 30 }, (_, at) =>
      placement.place({ user: 'ada', seed: `${at}` }, async (node) => {
        chosen.push(node)
        await released
      }),
    )
    await new Promise(setImmediate)
    for (const name of ['a', 'b', 'c']) t.equal(chosen.filter((node) => node === name).length, 10)
    release()
    await Promise.all(all)
  })
}

const loads = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 8 })

t.test('a burst goes where load and starts together are least', async () => {
  await fc.assert(
    fc.asyncProperty(loads, fc.nat(40), async (hundredths, burst) => {
      const members = hundredths.map((load, at) => member(`n${at}`, { load: load / 100 }))
      const sessions: Session[] = []
      const { start } = placing('system-load', members, sessions)
      for (let i = 0; i < burst; i++) await start()
      const startsOn = ({ name }: Member) => sessions.filter(({ node }) => node === name).length
      const after = members.map((each) => each.meta.load + LOAD_OF_START * startsOn(each))
      const least = Math.min(...after)
      // Nobody got one who, without it, had more than the least loaded has now.
      return members.every(
        (each, at) => startsOn(each) === 0 || (after[at] ?? 0) - LOAD_OF_START <= least + 1e-9,
      )
    }),
    { numRuns: 50 },
  )
})

const states = fc.constantFrom<SessionState>(
  'Starting',
  'Active',
  'Idle',
  'Lost',
  'Stopping',
  'Stopped',
  'Failed',
)
const someSessions = fc.array(
  fc.record({
    node: fc.constantFrom('a', 'b', 'gone'),
    state: states,
    age: fc.integer({ min: -60_000, max: 10_000_000 }),
  }),
)

t.test(
  'what is added to a load is never negative, nor more than a start for each session',
  async () => {
    fc.assert(
      fc.property(someSessions, fc.array(fc.constantFrom('a', 'b')), (known, chosen) => {
        const sessions = known.map(({ node, state, age }) => held(node, state, age))
        const told = [member('a', { load: 0.5, sessions: 77 }), member('b', { load: 1.5 })]
        return withFresherFigures(told, sessions, chosen, NOW).every(({ name, meta }, at) => {
          const live = sessions.filter(
            ({ node, state }) => node === name && state !== 'Stopped' && state !== 'Failed',
          )
          const all = live.length + chosen.filter((node) => node === name).length
          const added = meta.load - (told[at]?.meta.load ?? 0)
          return meta.sessions === all && added >= 0 && added <= LOAD_OF_START * all + 1e-9
        })
      }),
    )
  },
)

t.test(
  'a program is asked first, about those that take sessions and have not refused',
  async (t) => {
    const asked: string[] = []
    const program = {
      choose: async (user: string, candidates: readonly Member[]) => {
        asked.push(`${user}: ${candidates.map(({ name }) => name).join()}`)
        return candidates.at(-1)?.name ?? ''
      },
    }
    const members = [member('a'), member('b'), member('c'), member('d', { draining: true })]
    const { placement, warned } = placing('sessions', members, [], program)
    t.equal(await placement.place(wish, refusing('c')), 'b')
    t.strictSame(asked, ['ada: a,b,c', 'ada: a,b'])
    t.strictSame(warned, [])
  },
)

t.test('one that fails is told once, and the strategy takes over', async (t) => {
  const program = { choose: () => Promise.reject(new Error('printed nothing')) }
  const { start, warned } = placing('sessions', [member('a'), member('b')], [held('a')], program)
  t.equal(await start(), 'b')
  t.match(warned, [{ problem: 'printed nothing' }])
  t.equal(warned.length, 1)
})

t.test('a node that goes while the program thinks does not get the session', async (t) => {
  const members = [member('a'), member('b')]
  const program = {
    choose: async () => {
      members.splice(0, 1)
      return 'a'
    },
  }
  t.equal(await placing('sessions', members, [], program).start(), 'b')
})

t.test(
  'a node that does not answer is passed over, whoever else thinks that it is there',
  async (t) => {
    const asked: string[] = []
    const members = ['n1', 'n2'].map((name) => member(name))
    const placement = (dead: readonly string[]) =>
      new Placement({
        members: () => members,
        sessions: () => [held('n2')],
        strategy: 'sessions',
        answers: async ({ name }) => {
          asked.push(name)
          return !dead.includes(name)
        },
        log: silent,
      })
    t.equal(await placement(['n1']).place(wish, refusing()), 'n2')
    t.strictSame(asked, ['n1', 'n2'], 'the better one is asked first')
    await t.rejects(placement(['n1', 'n2']).place(wish, refusing()), { code: 'NO_NODE' })
  },
)
