import { join } from 'node:path'
import t from 'tap'
import { exampleConfig } from '../../src/config/example.ts'
import { configKeys } from '../../src/config/keys.ts'
import { run } from './fixtures/run.ts'

t.test('config check prints what would be in force, and no secret', async (t) => {
  const file = join(t.testdir({ 'a.toml': '[server]\nport = 80\n' }), 'a.toml')
  const settings = ['--set', 'database.url=postgres://u:hidden@h/d', '--config', file]
  const asText = await run('config', 'check', ...settings)
  t.equal(asText.code, 0)
  t.match(asText.stdout, /^server\.port = 80$/m)
  t.match(asText.stdout, /^log\.level = "info"$/m)
  t.match(asText.stdout, /^data\.directory = "\/home\/alice\/\.local\/share\/atelier"$/m)
  t.match(asText.stdout, /^# launcher\.user: the account that starts Atelier/m)
  const asJson = await run('config', 'check', '--json', ...settings)
  const answer = JSON.parse(asJson.stdout) as { file: string; config: Record<string, unknown> }
  t.equal(answer.file, file)
  t.strictSame(
    Object.keys(answer.config),
    configKeys().map(({ name }) => name),
  )
  t.match(answer.config, { 'server.port': 80, 'database.url': '(hidden)', 'launcher.user': null })
  t.notMatch(asText.stdout + asJson.stdout, 'hidden@')
})

t.test('config check tells all mistakes, with exit code 1', async (t) => {
  const file = join(t.testdir({ 'a.toml': '[server]\nprot = 80\n[log]\nlevel = 1\n' }), 'a.toml')
  const problems = [
    `${file}, line 2: server.prot: there is no such key; did you mean server.port?`,
    `${file}, line 4: log.level: is 1; it must be one of "debug", "info", "warn", "error", "silent"`,
  ]
  const asText = await run('config', 'check', '--config', file)
  t.strictSame(asText, {
    code: 1,
    stdout: '',
    stderr: `atelier: The configuration has 2 mistakes:\n  ${problems.join('\n  ')}\n`,
  })
  const { code, stderr } = await run('config', 'check', '--json', '--config', file)
  t.equal(code, 1)
  t.strictSame(JSON.parse(stderr), {
    error: { code: 'CONFIG_INVALID', message: 'The configuration has 2 mistakes', problems },
  })
})

t.test('config check warns of limits for nobody', async (t) => {
  const settings = [
    'limits."*".sessions=2',
    'limits.root.profiles=["large", "gone"]',
    'limits."@root".nice=1',
    'limits.no-such-user.nice=1',
    'limits."@no such group".nice=1',
    'profiles.large.cpus=1',
  ].flatMap((setting) => ['--set', setting])
  const asJson = await run('config', 'check', '--json', ...settings)
  const expected = [
    'limits.root.profiles: there is no resource profile gone',
    'limits.no-such-user: there is no account no-such-user on this server',
    'limits.@no such group: there is no group no such group on this server',
  ]
  t.strictSame((JSON.parse(asJson.stdout) as { warnings: string[] }).warnings, expected)
  t.equal(asJson.code, 0)
  const { stdout } = await run('config', 'check', ...settings)
  for (const warning of expected) t.match(stdout, `# Warning: ${warning}.\n`)
  t.match(stdout, /^limits\.<name>\.nice = \{"@root":1/m)
})

t.test('config example prints the example file, or its keys', async (t) => {
  t.match(await run('config', 'example'), { code: 0, stdout: exampleConfig() })
  const { stdout } = await run('config', 'example', '--json')
  const { keys } = JSON.parse(stdout) as { keys: readonly { key: string }[] }
  t.match(
    keys.find(({ key }) => key === 'sessions.idle_after_seconds'),
    { default: 900, unit: 'seconds', reloadable: true, secret: false },
  )
  t.equal(keys.length, configKeys().length)
})
