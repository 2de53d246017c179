import t from 'tap'
import { loadConfig } from '../../src/config/load.ts'
import { Profiles } from '../../src/sessions/profiles.ts'
import { userLimits } from '../../src/sessions/user-limits.ts'

const profiles = (...settings: string[]) => {
  const config = loadConfig({ settings, dataDirectory: '/d' })
  const limits = { of: async (user: string) => userLimits(config.limits, user, []) }
  return new Profiles({ configured: () => config.profiles, limits })
}
const BOTH = [
  'profiles.small.cpus=0.5',
  'profiles.large={ title = "Large", cpus = 4, memory_mib = 8192 }',
]

t.test('profiles are what the configuration says, in its order', async (t) => {
  t.same(await profiles(...BOTH).list('ada'), [
    { name: 'small', title: 'small', cpus: 0.5, memoryBytes: null },
    { name: 'large', title: 'Large', cpus: 4, memoryBytes: 8192 * 2 ** 20 },
  ])
})

t.test(
  'the first is the usual one; one that is not there is refused with those there are',
  async (t) => {
    const both = profiles(...BOTH)
    t.equal((await both.choose('ada', null))?.name, 'small')
    t.equal((await both.choose('ada', 'large'))?.name, 'large')
    const unknown = { code: 'PROFILE_UNKNOWN', message: /no resource profile .* small, large/ }
    await t.rejects(both.choose('ada', 'huge'), unknown)
    t.equal(await profiles().choose('ada', null), null)
    await t.rejects(profiles().choose('ada', 'small'), { message: /There are none/ })
  },
)

t.test('a user is offered what the limits say, in their order, and no more of it', async (t) => {
  const some = profiles(
    ...BOTH,
    'limits.ada={ profiles = ["large", "gone", "large", "small"], cpus = 2, memory_mib = 512 }',
    'limits.bob={ profiles = ["small"] }',
    'limits.eve={ profiles = [] }',
  )
  t.same(await some.list('ada'), [
    { name: 'large', title: 'Large', cpus: 2, memoryBytes: 512 * 2 ** 20 },
    { name: 'small', title: 'small', cpus: 0.5, memoryBytes: 512 * 2 ** 20 },
  ])
  t.equal((await some.choose('ada', null))?.name, 'large')
  const notForBob = { code: 'PROFILE_UNKNOWN', message: /may not choose .* are: small for you/ }
  await t.rejects(some.choose('bob', 'large'), notForBob)
  t.equal(await some.choose('eve', null), null)
})
