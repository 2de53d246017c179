import t from 'tap'
import { loadConfig } from '../../src/config/load.ts'
import { Grants, jobLimits, sessionLimits } from '../../src/sessions/grants.ts'
import { Profiles } from '../../src/sessions/profiles.ts'
import { userLimits } from '../../src/sessions/user-limits.ts'

const NONE = { cpus: null, memoryBytes: null, processes: null, openFiles: null, nice: null }

function grants(...settings: string[]): Grants {
  const config = loadConfig({ settings, dataDirectory: '/d' })
  const limits = { of: async (user: string) => userLimits(config.limits, user, []) }
  return new Grants({
    limits,
    profiles: new Profiles({ configured: () => config.profiles, limits }),
  })
}

t.test('without limits and profiles everything may be used, and any number', async (t) => {
  const granted = await grants().grant('ada', { ide: 'vscode', profile: null })
  t.same(granted, { profile: null, limits: NONE, most: null })
})

t.test('a session gets the limits of its profile and its user, or of its user alone', async (t) => {
  const limits = 'limits."*"={ sessions = 3, cpus = 2, memory_mib = 64, processes = 99, nice = 7 }'
  const wanted = { ide: 'vscode', profile: null } as const
  const own = { ...NONE, cpus: 2, memoryBytes: 2 ** 26, processes: 99, nice: 7 }
  t.same(await grants(limits).grant('ada', wanted), { profile: null, limits: own, most: 3 })
  const withProfile = grants(limits, 'profiles.small={ cpus = 1 }', 'limits.bob.open_files=500')
  t.same(await withProfile.grant('bob', wanted), {
    profile: 'small',
    limits: { ...own, cpus: 1, openFiles: 500 },
    most: 3,
  })
})

t.test('an IDE that is not for the user is refused, with those that are', async (t) => {
  const some = grants('limits."*".ides=["vscode", "rstudio"]', 'limits.eve.ides=[]')
  const wanted = { ide: 'jupyterlab', profile: null } as const
  await t.rejects(some.grant('ada', wanted), {
    code: 'IDE_NOT_ALLOWED',
    message: 'You may not start this IDE. You may start: vscode, rstudio.',
  })
  await t.rejects(some.grant('eve', wanted), { message: /You may start none/ })
  t.match(await some.grant('ada', { ide: 'rstudio', profile: null }), { limits: NONE })
})

t.test('the Launcher is told of the limits in its own units', async (t) => {
  const all = { cpus: 1.5, memoryBytes: 2 ** 33, processes: 64, openFiles: 128, nice: 0 }
  t.same(jobLimits('large', all), {
    resourceProfile: 'large',
    resourceLimits: [
      { type: 'cpuCount', value: '1.5' },
      { type: 'memory', value: '8192' },
      { type: 'processes', value: '64' },
      { type: 'openFiles', value: '128' },
      { type: 'nice', value: '0' },
    ],
  })
  t.same(jobLimits(null, NONE), {})
  t.same(sessionLimits(null, userLimits({}, 'ada', [])), NONE)
})
