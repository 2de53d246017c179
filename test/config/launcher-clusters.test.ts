import t from 'tap'
import { loadConfig } from '../../src/config/load.ts'
import { ConfigError } from '../../src/config.ts'
import { launcherClusters, positConfOf, type PluginHost } from '../../src/launcher-clusters.ts'

const CLUSTER = 'launcher.clusters.'

const configOf = (...settings: string[]) =>
  loadConfig({
    settings: settings.map((each) => CLUSTER + each),
    dataDirectory: '/d',
  })

const hostOf = (...settings: string[]): PluginHost => ({
  config: configOf(...settings),
  root: true,
  serverUser: 'atelier',
  local: { command: '/node', before: ['atelier', 'plugin', 'local'], after: ['--user=ada'] },
  environment: { PATH: '/bin', ATELIER_RESOLVED_CONFIG: 'secret' },
  checkUser: async () => {},
})

function mistakesOf(...settings: string[]): readonly string[] {
  try {
    configOf(...settings)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

t.test('without any there is one, Local, which runs our own plugin', async (t) => {
  const clusters = launcherClusters(hostOf())
  t.match(clusters, [{ name: 'Local', command: '/node', isRequired: true }])
  t.match(clusters[0]?.args, ['atelier', 'plugin', 'local'])
  t.ok(clusters[0]?.args.includes('--scratch-path=/d/jobs'))
  t.ok(clusters[0]?.args.includes('--user=ada'))
})

t.test('Local is the default one wherever it stands; else it is the first', async (t) => {
  const names = (...settings: string[]) => launcherClusters(hostOf(...settings)).map((c) => c.name)
  t.same(names('B.exe=/b', 'A.exe=/a'), ['B', 'A'])
  t.same(names('B.exe=/b', 'Local.type=local', 'A.exe=/a'), ['Local', 'B', 'A'])
})

t.test("a plugin that is not ours is told what Posit's SDKs know, and no secret", async (t) => {
  const [slurm] = launcherClusters(hostOf('Slurm.exe=/opt/slurm-plugin'))
  t.match(slurm, { command: '/opt/slurm-plugin', isRequired: false })
  t.same(
    slurm?.args.filter((arg) => !arg.startsWith('--thread-pool-size=')),
    [
      '--enable-debug-logging=0',
      '--heartbeat-interval-seconds=5',
      '--job-expiry-hours=24',
      '--launcher-config-file=/d/launcher/launcher.conf',
      '--logging-dir=/d/log',
      '--plugin-name=Slurm',
      '--scratch-path=/d/jobs-Slurm',
      '--server-user=atelier',
      '--unprivileged=0',
    ],
  )
  t.same(slurm?.environment, { PATH: '/bin' })
})

t.test("launcher.conf is as Posit's", async (t) => {
  const conf = positConfOf(hostOf('Local.type=local', 'Slurm.exe=/p', 'Slurm.config_file=/c'))
  const sections = conf.split('\n\n').map((section) => section.trim().split('\n'))
  t.match(sections[1]?.[0], '[server]')
  t.ok(sections[1]?.includes('server-user=atelier'))
  t.same(sections.slice(2), [
    ['[cluster]', 'name=Local', 'type=Local', 'exe=/node'],
    ['[cluster]', 'name=Slurm', 'type=Plugin', 'exe=/p', 'config-file=/c'],
  ])
})

t.test('what cannot be is told in words', async (t) => {
  t.match(mistakesOf('S.type=plugin'), [/exe: is missing; name the program of the plugin/])
  t.match(mistakesOf('S.type=local', 'S.exe=/p'), [/exe: is for type "plugin" only/])
  t.match(mistakesOf('S.exe=p'), [/S\.exe: is "p"; it must be an absolute path/])
  t.match(mistakesOf('S.exe=/p', 'S.job_expiry=1'), [
    /did you mean launcher\.clusters\.S\.job_expiry_hours/,
  ])
  t.match(mistakesOf('"a:b".exe=/p'), [/a:b: cannot be the name of a Launcher cluster/])
})
