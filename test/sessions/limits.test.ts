import fc from 'fast-check'
import t from 'tap'
import { loadConfig } from '../../src/config/load.ts'
import { limitSentence } from '../../src/sessions/limit-sentence.ts'
import { Limits } from '../../src/sessions/limits.ts'
import { nameGroups, stopTimes, userLimits } from '../../src/sessions/user-limits.ts'

const config = (...settings: string[]) => loadConfig({ settings, dataDirectory: '/d' })
const configured = (...settings: string[]) => config(...settings).limits

t.test('of each key the table that is closest to the user counts', async (t) => {
  const limits = configured(
    'limits."@staff"={ sessions = 4, cpus = 4 }',
    'limits."*"={ sessions = 2, cpus = 1, memory_mib = 64, ides = ["vscode"] }',
    'limits."@lab team"={ sessions = 8, stop_idle_after_seconds = 0 }',
    'limits.ada={ sessions = 9 }',
    'limits."@ada"={ nice = 3 }',
  )
  const cases: [string, string, string[], object][] = [
    ['everybody', 'eve', [], { sessions: 2, cpus: 1, memoryBytes: 2 ** 26, ides: ['vscode'] }],
    ['a group', 'bob', ['staff'], { sessions: 4, cpus: 4, memoryBytes: 2 ** 26 }],
    ['of two groups the last in the file', 'bob', ['lab team', 'staff'], { sessions: 8, cpus: 4 }],
    ['whatever the order of the system', 'bob', ['staff', 'lab team'], { sessions: 8, cpus: 4 }],
    ['the user', 'ada', ['lab team'], { sessions: 9, stopIdleAfter: 0, nice: null }],
    ['a group is no user and a user no group', '@staff', ['ada'], { sessions: 4, nice: 3 }],
    ['a group that is called like everybody', 'eve', ['*'], { sessions: 2, maximumAge: null }],
  ]
  for (const [what, user, groups, expected] of cases) {
    t.match(userLimits(limits, user, groups), expected, what)
  }
})

t.test('who is called like a property of all objects has the limits of everybody', async (t) => {
  const limits = configured('limits."*".sessions=2')
  for (const user of ['constructor', '__proto__', 'toString']) {
    t.equal(userLimits(limits, user, [user]).sessions, 2)
  }
})

t.test('without tables there is no limit', async (t) => {
  for (const value of Object.values(userLimits({}, 'ada', ['a']))) t.equal(value, null)
  t.equal(nameGroups(configured('limits."*".nice=1', 'limits.ada.nice=1')), false)
  t.equal(nameGroups(configured('limits."@ada".nice=1')), true)
})

t.test('how often to look follows from every time that stops a session', async (t) => {
  const limits = configured(
    'limits."*".stop_idle_after_seconds=0',
    'limits.ada={ stop_idle_after_seconds = 5, maximum_age_seconds = 7 }',
  )
  t.same(stopTimes(limits), [5000, 7000])
})

t.test('what cannot be a name, or a limit, is told', async (t) => {
  const wrong: [string, RegExp][] = [
    ['limits."a:b".sessions=1', /a:b: cannot be a name; it must be "\*", "@"/],
    ['limits."@".sessions=1', /cannot be a name/],
    ['limits."-x".sessions=1', /cannot be a name/],
    ['limits."*".sessions=-1', /limits\.\*\.sessions: is -1; it must be a whole number from 0/],
    ['limits."*".ides=["emacs"]', /the whole must be a list in brackets, each one of "jupyterlab"/],
    ['limits."*".memory=1', /did you mean limits\.\*\.memory_mib/],
  ]
  for (const [setting, says] of wrong) t.throws(() => config(setting), { message: says }, setting)
})

/** Limits by a group, and a name service of which the test decides what it says. */
function byGroup(...settings: string[]) {
  const clock = { now: 1_000_000, elapsed: 0 }
  const asked: string[] = []
  const service = { groups: async (): Promise<readonly string[]> => ['staff'] }
  const limits = new Limits({
    configured: () =>
      config('limits."@staff"={ sessions = 1, stop_idle_after_seconds = 60 }', ...settings),
    groupsOf: (user) => {
      asked.push(user)
      return service.groups()
    },
    now: () => clock.now,
    elapsed: () => clock.elapsed,
  })
  return { limits, clock, asked, service }
}
const fail = () => Promise.reject(new Error('away'))

t.test('groups are asked for once a minute, and by one of many at once', async (t) => {
  const { limits, clock, asked } = byGroup()
  const all = await Promise.all([1, 2, 3].map(() => limits.of('ada')))
  t.same(
    all.map(({ sessions }) => sessions),
    [1, 1, 1],
  )
  clock.elapsed = 59_000
  await limits.of('ada')
  t.same(asked, ['ada'])
  clock.elapsed = 61_000
  await limits.of('ada')
  t.same(asked, ['ada', 'ada'])
})

t.test('a name service that is away counts with what it said last, if it ever did', async (t) => {
  const { limits, clock, service } = byGroup()
  const answer = service.groups
  service.groups = fail
  await t.rejects(limits.of('ada'), { message: 'away' })
  service.groups = answer
  await limits.of('ada')
  service.groups = fail
  clock.elapsed = 1_000_000
  t.match(await limits.of('ada'), { sessions: 1 })
})

t.test('nobody is asked for groups that no table names', async (t) => {
  const asked: string[] = []
  const limits = new Limits({
    configured: () => config('limits.ada.sessions=3'),
    groupsOf: async (user) => (asked.push(user), []),
  })
  t.match(await limits.of('ada'), { sessions: 3 })
  t.match(limits.idleLimitsOf('ada'), { stopIdleAfter: 28_800_000, maximumAge: 0 })
  t.same(asked, [])
})

t.test('no session is stopped before the groups of its user are known', async (t) => {
  const { limits } = byGroup()
  t.match(limits.idleLimitsOf('ada'), { stopIdleAfter: 0, maximumAge: 0 })
  await limits.of('ada')
  t.match(limits.idleLimitsOf('ada'), { stopIdleAfter: 60_000, maximumAge: 0, since: 1_000_000 })
})

t.test('other groups count from the moment they are known', async (t) => {
  const { limits, clock, service } = byGroup()
  await limits.of('ada')
  clock.now += 100_000
  clock.elapsed += 100_000
  await limits.of('ada')
  t.equal(limits.idleLimitsOf('ada').since, 1_000_000, 'the same as before')
  service.groups = async () => []
  clock.now += 100_000
  clock.elapsed += 100_000
  await limits.of('ada')
  t.match(limits.idleLimitsOf('ada'), { stopIdleAfter: 28_800_000, since: 1_200_000 })
})

t.test('a limit is told with what is used and what to do', async (t) => {
  t.equal(limitSentence(3, 3), 'You have 3 of 3 sessions; stop one first.')
  t.equal(limitSentence(1, 1), 'You have 1 of 1 session; stop one first.')
  t.equal(limitSentence(3, 3, 1), 'You have 3 of 3 sessions; wait until one has stopped.')
  t.equal(limitSentence(5, 3, 1), 'You have 5 of 3 sessions; stop one first.')
  t.equal(limitSentence(0, 0), 'Your administrator allows you no sessions.')
})

t.test('whatever is configured, the limits of a user are those of one of the tables', async () => {
  const table = fc.record({ sessions: fc.nat(), nice: fc.nat(19) }, { requiredKeys: [] })
  const names = fc.constantFrom('*', '@a', '@b', 'ada', 'bob')
  fc.assert(
    fc.property(fc.dictionary(names, table), fc.subarray(['a', 'b']), (tables, groups) => {
      const { sessions } = userLimits(tables, 'ada', groups)
      const own = ['*', ...groups.map((group) => `@${group}`), 'ada']
      const said = own.flatMap((name) => tables[name]?.sessions ?? [])
      return sessions === null ? said.length === 0 : said.includes(sessions)
    }),
  )
})
