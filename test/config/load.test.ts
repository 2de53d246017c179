import assert from 'node:assert/strict'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { loadConfig } from '../../src/config/load.ts'
import { ConfigError, type Config } from '../../src/config.ts'

t.test('without a file everything has its default', (t) => {
  const config = loadConfig({ dataDirectory: '/data' })
  t.match(config, { server: { host: '127.0.0.1', port: 8787 }, data: { directory: '/data' } })
  t.end()
})

t.test('settings win over the file, the last one over those before it', (t) => {
  const file = fileWith(t, '[server]\nport = 1\nhost = "h"\n')
  const cases: [settings: string[], part: object][] = [
    [[], { server: { host: 'h', port: 1 } }],
    [['server.port=2'], { server: { host: 'h', port: 2 } }],
    [['server.port=2', 'server.port = 3'], { server: { port: 3 } }],
    [['log.level=debug'], { log: { level: 'debug' } }],
    [['"log".level="debug"'], { log: { level: 'debug' } }],
    [['server={port = 4}'], { server: { host: 'h', port: 4 } }],
    [['node.name=a b "c" # d'], { node: { name: 'a b "c" # d' } }],
    [['node.name=a\nserver.port=5'], { node: { name: 'a\nserver.port=5' }, server: { port: 1 } }],
    [['data.directory=/other'], { data: { directory: '/other' } }],
  ]
  for (const [settings, part] of cases) t.match(load(file, settings), part, settings.join(' '))
  t.end()
})

t.test('all mistakes are told at once, with place, key, what is wrong and what is right', (t) => {
  const file = fileWith(
    t,
    `port = 80
[server]
host = ""
port = "8080"

[sesions]
idle_after_seconds = 1
[sessions]
idle_after_seconds = -5
start_timout_seconds = 3
[database]
url = "mysql://user:hidden@host/db"
[node]
name = 7
[data]
directory = "relative"
[log]
level = "verbose"
`,
  )
  const settings = ['launcher=1', 'ides.directory=x', 'nothing', '__proto__.polluted=1']
  t.strictSame(problemsOf(file, settings), [
    '--set nothing: write it as key=value, for example server.port=8080',
    `${file}, line 1: port: there is no such key; did you mean server.port?`,
    `${file}, line 3: server.host: is ""; it must be a text in quotes that is not empty`,
    `${file}, line 4: server.port: is "8080"; it must be a whole number from 0 to 65535`,
    `${file}, line 6: sesions: there is no such table; did you mean sessions?`,
    `${file}, line 9: sessions.idle_after_seconds: is -5; it must be a number of seconds above 0, up to 86400`,
    `${file}, line 10: sessions.start_timout_seconds: there is no such key; did you mean sessions.start_timeout_seconds?`,
    `${file}, line 12: database.url: cannot be used; it must be a URL such as "postgres://user:password@host:5432/database"`,
    `${file}, line 14: node.name: is 7; it must be a text in quotes of 1 to 63 characters`,
    `${file}, line 16: data.directory: is "relative"; it must be an absolute path, such as "/srv/atelier"`,
    `${file}, line 18: log.level: is "verbose"; it must be one of "debug", "info", "warn", "error", "silent"`,
    '--set launcher: launcher: is 1; it must be a table of keys',
    '--set ides.directory: ides.directory: is "x"; it must be an absolute path, such as "/srv/atelier"',
    '--set __proto__.polluted: __proto__: there is no such table; there are: server, data, database, node, cluster, gossip, peer, routing, placement, auth, launcher, ides, python, r, sessions, profiles, jobs, limits, api, log',
  ])
  t.notOk('polluted' in {})
  t.end()
})

t.test('mistakes in a table with a name of its own are told with that name', (t) => {
  const file = fileWith(
    t,
    '[profiles]\nsmall = 3\n[profiles.large]\ncpu = 4\nmemory_mib = "8 GB"\n[profiles.Bad]\n',
  )
  t.match(problemsOf(file, ['profiles.tiny.cpus=0']), [
    /line 2: profiles\.small: is 3; it must be a table of keys/,
    /line 4: profiles\.large\.cpu: there is no such key; did you mean profiles\.large\.cpus\?/,
    /line 5: profiles\.large\.memory_mib: is "8 GB"; it must be a whole number of MiB/,
    /line 6: profiles\.Bad: cannot be a name; it must begin with a letter/,
    /--set profiles\.tiny\.cpus: profiles\.tiny\.cpus: is 0; it must be a number from 0\.01/,
  ])
  t.end()
})

t.test('the strategy custom needs a program', (t) => {
  const missing =
    'placement.program: is missing; the strategy custom needs the absolute path of a program that chooses'
  const file = fileWith(t, '[placement]\nstrategy = "custom"\ntimeout_seconds = 90\n')
  t.strictSame(problemsOf(file, []), [
    `${file}, line 1: ${missing}`,
    `${file}, line 3: placement.timeout_seconds: is 90; it must be a number of seconds above 0, up to 60`,
  ])
  t.strictSame(problemsOf(undefined, ['placement.strategy=custom']), [
    `--set placement.strategy: ${missing}`,
  ])
  const relative = problemsOf(undefined, ['placement.strategy=custom', 'placement.program=x'])
  t.match(relative, [
    /^--set placement\.program: placement\.program: is "x"; it must be an absolute/,
  ])
  t.equal(relative.length, 1)
  const right = load(undefined, ['placement.strategy=custom', 'placement.program=/x'])
  t.match(right.placement, { strategy: 'custom', program: '/x', timeout_seconds: 2 })
  t.end()
})

t.test('a file that cannot be used is told with the other mistakes', (t) => {
  const broken = fileWith(t, '[server]\nport = \n')
  t.match(problemsOf(broken, ['x']), [/--set x: write it/, /line 2: /].toReversed())
  t.match(problemsOf(join(t.testdir(), 'none'), []), [/none: the file does not exist$/])
  t.match(problemsOf(t.testdir(), []), [/: the file is a directory$/])
  t.end()
})

t.test('a secret may be kept in a file that not everybody can read', (t) => {
  const directory = t.testdir({
    url: 'postgres://u:p@h/d\n',
    open: 'postgres://x',
    empty: '\n',
    'atelier.toml': '',
  })
  const path = (name: string) => join(directory, name)
  chmodSync(path('url'), 0o640)
  chmodSync(path('open'), 0o644)
  chmodSync(path('empty'), 0o600)
  const file = path('atelier.toml')
  writeFileSync(file, `[database]\nurl_file = "${path('url')}"\n`)
  t.strictSame(load(file).database, { url: 'postgres://u:p@h/d' })

  const cases: [setting: string, problem: RegExp][] = [
    ['open', /^--set database.url_file: database.url_file: names .*open, which everybody here can/],
    ['empty', /url_file: names .*empty, which is empty$/],
    ['none', /url_file: names .*none, which does not exist$/],
  ]
  for (const [name, problem] of cases) {
    t.match(problemsOf(undefined, [`database.url_file=${path(name)}`]), [problem], name)
  }
  t.match(problemsOf(undefined, ['database.url_file=relative']), [/the absolute path of a file/])
  t.match(problemsOf(undefined, ['database.url_file=7']), [/the absolute path of a file/])
  t.match(problemsOf(file, ['database.url=postgres://h/d']), [/is set beside database.url;/])
  t.match(problemsOf(undefined, ['log.level_file=/x']), [/there is no such key/], 'no secret')

  writeFileSync(path('url'), 'mysql://h/d')
  t.match(problemsOf(file, []), [/^.*, line 2: database.url: cannot be used; /])
  t.end()
})

t.test('no text at all makes anything but a configuration or a list of mistakes', (t) => {
  const words =
    '[server] port = 1 "8" [[ ]] . , { } # \' database url_file log level data \n \r\n é'
  const piece = fc.oneof(fc.constantFrom(...words.split(' ')), fc.string({ maxLength: 5 }))
  const directory = t.testdir()
  const file = join(directory, 'a.toml')
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(' '))
  fc.assert(
    fc.property(text, text, (content, setting) => {
      writeFileSync(file, content)
      try {
        loadConfig({ file, settings: [setting], dataDirectory: '/data' })
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error
        assert.ok(error.problems.length > 0 && error.problems.every((problem) => problem !== ''))
      }
    }),
    { numRuns: 300 },
  )
  t.end()
})

function fileWith(t: Test, text: string): string {
  return join(t.testdir({ 'atelier.toml': text }), 'atelier.toml')
}

function load(file: string | undefined, settings: readonly string[] = []): Config {
  return loadConfig({ file, settings, dataDirectory: '/data' })
}

function problemsOf(file: string | undefined, settings: readonly string[]): readonly string[] {
  try {
    load(file, settings)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}
