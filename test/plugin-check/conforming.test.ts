import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import t, { type Test } from 'tap'
import { isRoot, makeAccount } from '../fixtures/accounts.ts'

interface Report {
  readonly counts: Record<'pass' | 'fail' | 'not supported' | 'skipped', number>
  readonly checks: readonly { readonly name: string; readonly result: string }[]
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const script = `${root}dist/src/main.js`
const local = [process.execPath, '--', script, 'plugin', 'local']
/** Ours keeps nothing Pending. */
const LOCAL_LACKS = ['cancel']
/** What is left out of the examples, to keep them short. */
const EXAMPLES_LACK = ['usage', 'cancel', 'load-balancer-nodes', 'config-reload', 'metrics']

/** What `atelier plugin check` says; run with `become` before it. */
async function check(
  become: readonly string[],
  plugin: readonly string[],
  ...options: readonly string[]
): Promise<Report> {
  // Without tap's hand in what it starts.
  const clean = ['env', '-u', 'NODE_OPTIONS']
  const command = [...become, ...clean, process.execPath, script, 'plugin', 'check', ...options]
  const [program = '', ...args] = [...command, '--json', '--timeout', '60', ...plugin]
  const { stdout, stderr } = await execa(program, args, {
    cwd: root,
    reject: false,
  })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout) as Report
}

/** Fails unless everything passes but what the plugin does not claim. */
function passes(t: Test, { checks }: Report, lacks: readonly string[]): void {
  const others = checks.filter(({ result }) => result !== 'pass')
  t.same(
    others.filter(({ name }) => !lacks.includes(name)),
    [],
  )
  t.same(
    others.map(({ result }) => result).filter((result) => result !== 'not supported'),
    [],
  )
  t.ok(checks.length > 60)
}

t.test('the local plugin conforms as root, for any account', async (t) => {
  if (!isRoot) return t.comment('only root can start jobs as others')
  const { name } = await makeAccount(t)
  passes(t, await check([], local, '--user', name), LOCAL_LACKS)
})

for (const [what, plugin, lacks] of [
  ['the local plugin', local, LOCAL_LACKS],
  ['the example in Python', ['docs/examples/plugin.py'], EXAMPLES_LACK],
  [
    'the example in TypeScript',
    [process.execPath, '--', 'dist/docs/examples/plugin.js'],
    [...EXAMPLES_LACK, 'suspend-resume'],
  ],
] as const) {
  t.test(`${what} conforms as an ordinary user`, async (t) => {
    passes(t, await check(await becomeOrdinary(t), plugin), lacks)
  })
}

/** What makes a command one of an ordinary user: of a new account for root, else of our own. */
async function becomeOrdinary(t: Test): Promise<readonly string[]> {
  if (!isRoot) return []
  const { uid, gid, home } = await makeAccount(t)
  const become = [`--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--']
  return ['setpriv', ...become, 'env', `HOME=${home}`]
}
