import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Ides } from '../../src/ides/ides.ts'
import { describeInstallState, writeInstallState } from '../../src/ides/install-state.ts'
import type { InstallState } from '../../src/ides/install-state.ts'
import { processStart } from '../../src/proc-stat.ts'
import { usableByAll } from '../../src/ides/system-programs.ts'
import { silent } from '../fixtures/silent-log.ts'

const state = (more: Partial<InstallState>): InstallState => ({
  state: 'installing',
  step: 'Compiling',
  percent: 40,
  message: null,
  mend: null,
  time: '2026-11-23T12:00:00Z',
  pid: 1,
  startTime: 1,
  ...more,
})

for (const [what, given, alive, expected] of [
  ['no installer ever ran', undefined, false, { state: 'missing' }],
  ['an installer works', state({}), true, { state: 'installing', step: 'Compiling', percent: 40 }],
  ['an installer was killed', state({}), false, { state: 'failed', percent: null }],
  [
    'it failed with its own remedy',
    state({ state: 'failed', message: 'Full.', mend: 'rm x' }),
    false,
    { state: 'failed', message: 'Full.', mend: 'rm x' },
  ],
  ['it was installed and then removed', state({ state: 'installed' }), false, { state: 'missing' }],
] as const) {
  t.match(describeInstallState('vscode', given, alive), expected, what)
}

t.test('a process that only has the number of the installer does not pass for it', async (t) => {
  const directory = t.testdir()
  const ides = new Ides({ directory, path: '', log: silent })
  const startTime = (await processStart(process.pid)) ?? 0
  const file = join(directory, 'vscode.state.json')
  const states = async () => (await ides.list()).map((status) => status.state)
  await writeInstallState(file, state({ pid: process.pid, startTime }))
  t.strictSame(await states(), ['missing', 'missing', 'installing', 'missing'])
  await t.rejects(
    ides.get('vscode').command({ sessionId: 'i', prefix: '', home: '/', secret: '' }),
    {
      code: 'IDE_INSTALLING',
      message: 'VS Code is still being installed (40 %). Try again shortly.',
    },
  )
  await writeInstallState(file, state({ pid: process.pid, startTime: startTime - 1 }))
  t.strictSame(await states(), ['missing', 'missing', 'failed', 'missing'])
})

t.test('an IDE that is missing is refused with the command that mends it', async (t) => {
  const ides = new Ides({ directory: t.testdir(), path: '', log: silent })
  const context = { sessionId: 'i', prefix: '/s/i', home: '/', secret: 'x' }
  await t.rejects(ides.get('jupyterlab').command(context), {
    code: 'IDE_MISSING',
    message: /npm run atelier -- ide install jupyterlab/,
  })
})

t.test('a file that nobody understands is as good as none', async (t) => {
  const directory = t.testdir({
    'vscode.state.json': '{"state":',
    vscode: { 'installed.json': '[]' },
  })
  const ides = new Ides({ directory, path: '', log: silent })
  t.match(await ides.list(), [{}, {}, { state: 'missing' }, {}])
})

/** A folder that all accounts can reach, with an executable in it. */
async function systemFolder(t: Test, name: string, version: string) {
  const directory = await mkdtemp(join(tmpdir(), 'atelier-ides-'))
  t.teardown(() => rm(directory, { recursive: true }))
  await chmod(directory, 0o755)
  for (const part of ['bin', 'private']) await mkdir(join(directory, part))
  const file = join(directory, 'bin', name)
  await writeFile(file, `#!/bin/sh\necho x >> ${directory}/asked\necho ${version}\n`)
  await chmod(file, 0o755)
  await chmod(join(directory, 'private'), 0o700)
  return { directory, file, bin: join(directory, 'bin') }
}

t.test('a program of the system is used if every account can run it', async (t) => {
  const { directory, file, bin } = await systemFolder(t, 'jupyter-notebook', '6.4.12')
  const ides = new Ides({
    directory: join(directory, 'none'),
    path: `relative:${bin}`,
    log: silent,
  })
  const notebook = async () => (await ides.list()).find(({ name }) => name === 'jupyter-notebook')
  t.match(await notebook(), { state: 'installed', version: '6.4.12', mend: null })
  await notebook()
  t.equal(await readFile(join(directory, 'asked'), 'utf8'), 'x\n', 'its version is asked once')
  const { script } = await ides
    .get('jupyter-notebook')
    .command({ sessionId: 'i', prefix: '/s/i', home: '/home/x', secret: 's' })
  t.match(script, '--NotebookApp.sock=')

  await chmod(file, 0o750)
  t.equal(await usableByAll(file), false, 'closed to others')
  await chmod(file, 0o755)
  await symlink(file, join(directory, 'private', 'link'))
  t.equal(await usableByAll(join(directory, 'private', 'link')), true, 'the link does not matter')
  await chmod(bin, 0o750)
  t.equal(await usableByAll(file), false, 'below a folder closed to others')
})
