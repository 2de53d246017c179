import t from 'tap'
import { loadConfig } from '../../src/config/load.ts'
import { limitsOf, Profiles } from '../../src/sessions/profiles.ts'

const profiles = (...settings: string[]) =>
  new Profiles({ configured: () => loadConfig({ settings, dataDirectory: '/d' }).profiles })
const both = profiles(
  'profiles.small.cpus=0.5',
  'profiles.large={ title = "Large", cpus = 4, memory_mib = 8192 }',
)

t.test('profiles are what the configuration says, in its order', async (t) => {
  t.same(both.list(), [
    { name: 'small', title: 'small', cpus: 0.5, memoryBytes: null },
    { name: 'large', title: 'Large', cpus: 4, memoryBytes: 8192 * 2 ** 20 },
  ])
})

t.test(
  'the first is the usual one; one that is not there is refused with those there are',
  async (t) => {
    t.equal(both.choose(null)?.name, 'small')
    t.equal(both.choose('large')?.name, 'large')
    t.throws(() => both.choose('huge'), { code: 'PROFILE_UNKNOWN', message: /small, large/ })
    t.equal(profiles().choose(null), null)
    t.throws(() => profiles().choose('small'), { message: /There are none/ })
  },
)

t.test('the Launcher is told of the limits in its own units', async (t) => {
  t.same(limitsOf(both.choose('large')), {
    resourceProfile: 'large',
    resourceLimits: [
      { type: 'cpuCount', value: '4' },
      { type: 'memory', value: '8192' },
    ],
  })
  t.same(limitsOf(null), {})
})
