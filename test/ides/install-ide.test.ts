import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { Ides } from '../../src/ides/ides.ts'
import { installIde } from '../../src/ides/install-ide.ts'
import { processStart } from '../../src/proc-stat.ts'
import { silent } from '../fixtures/silent-log.ts'
import { until } from '../fixtures/until.ts'
import { options, plans } from './fixtures/build.ts'

const status = async (directory: string) => {
  const all = await new Ides({ directory, path: '', log: silent }).list()
  return all.find(({ name }) => name === 'vscode')
}

const builds = async (directory: string) =>
  (await readdir(directory)).filter((name) => name.startsWith('.vscode-'))

/** Waits for the file in which a step left its process id. */
const pidIn = (file: string) =>
  until(async () => Number(await readFile(file, 'utf8').catch(() => '')) || undefined)

/** An installer in a process of its own. */
function startInstaller(t: Test, directory: string, script: string) {
  const file = fileURLToPath(new URL('fixtures/install.ts', import.meta.url))
  const child = spawn(process.execPath, [...process.execArgv, file, directory, script], {
    stdio: 'ignore',
  })
  const gone = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await gone
  })
  return { child, gone }
}

t.test('a finished installation can be read by all, and is found', async (t) => {
  const directory = join(t.testdir(), 'new', 'ides')
  const before = process.umask(0o077)
  t.teardown(() => process.umask(before))
  const told: number[] = []
  const report = ({ percent }: { percent: number }) => told.push(percent)
  await installIde(options(directory, { report }), plans('mkdir d && echo x > d/file'))
  t.equal((await stat(join(directory, 'vscode/d/file'))).mode & 0o777, 0o644)
  t.equal((await stat(join(directory, 'vscode/d'))).mode & 0o777, 0o755)
  t.match(await status(directory), { state: 'installed', version: 'test', mend: null })
  t.ok(told.length > 0 && told.every((percent) => percent < 100))
})

t.test('what is installed just so is left alone, another recipe takes its place', async (t) => {
  const directory = t.testdir()
  await installIde(options(directory), plans('true', 'old'))
  const [old = ''] = await builds(directory)
  await installIde(options(directory), plans('false', 'old'))
  t.strictSame(await builds(directory), [old])
  await installIde(options(directory), plans('true', 'new'))
  t.match(await status(directory), { state: 'installed', version: 'new' })
  t.ok((await builds(directory)).includes(old), 'sessions may still run from the one before')
  await installIde(options(directory), plans('true', 'newest'))
  t.notOk((await builds(directory)).includes(old))
})

t.test(
  'a failed installation leaves nothing, says why, and the next one starts clean',
  async (t) => {
    const directory = t.testdir()
    const failing = installIde(options(directory), plans('echo half > half; echo ENOSPC; exit 3'))
    await t.rejects(failing, { name: 'InstallError', message: 'The disk is full.' })
    t.strictSame(await builds(directory), [])
    t.match(await status(directory), {
      state: 'failed',
      message: 'The disk is full.',
      mend: 'npm run atelier -- ide install vscode',
    })
    await installIde(options(directory), plans('test ! -e half'))
    t.match(await status(directory), { state: 'installed' })
  },
)

t.test('a failure leaves what was installed before in place', async (t) => {
  const directory = t.testdir()
  await installIde(options(directory), plans('true', 'old'))
  await t.rejects(installIde(options(directory), plans('false', 'new')))
  t.match(await status(directory), { state: 'installed', version: 'old' })
})

t.test('an aborted installation ends all that it started, and leaves nothing', async (t) => {
  const directory = t.testdir()
  const file = join(directory, 'grandchild')
  const stop = new AbortController()
  const running = installIde(
    options(directory, { signal: stop.signal }),
    plans(`sleep 600 & echo $! > ${file}; wait`),
  )
  const pid = await pidIn(file)
  stop.abort()
  await t.rejects(running, { message: 'The installation was stopped.' })
  await until(async () => (await processStart(pid)) === undefined)
  t.strictSame(await builds(directory), [])
  t.match(await status(directory), { state: 'failed' })
})

t.test(
  'an installer that was killed is seen as interrupted, and the next one starts clean',
  async (t) => {
    const directory = t.testdir()
    const file = join(directory, 'pid')
    const { child, gone } = startInstaller(t, directory, `echo $$ > ${file}; exec sleep 600`)
    const pid = await pidIn(file)
    // The step is noted beside its command, not before it.
    await until(async () => (await status(directory))?.state === 'installing')
    t.match(await status(directory), { step: 'Working', mend: null })
    child.kill('SIGKILL')
    await gone
    process.kill(pid)
    t.match(await status(directory), {
      state: 'failed',
      message: 'Its installation was interrupted.',
      mend: 'npm run atelier -- ide install vscode',
    })
    await installIde(options(directory), plans('true'))
    t.equal((await builds(directory)).length, 1)
    t.match(await status(directory), { state: 'installed' })
  },
)

t.test('a second installer follows the first and shares its success', async (t) => {
  const directory = t.testdir()
  const pid = join(directory, 'pid')
  const go = join(directory, 'go')
  const script = `echo $$ > ${pid}; while ! test -e ${go}; do sleep 0.05; done`
  const first = installIde(options(directory), plans(script))
  await pidIn(pid)
  const followed: string[] = []
  const report = ({ step }: { step: string }) => followed.push(step)
  const second = installIde(options(directory, { report }), plans('false'))
  await until(() => followed.includes('Working'))
  await t.resolves(
    installIde(options(directory, { ide: 'jupyterlab' }), plans('true')),
    'an IDE of another kind need not wait',
  )
  await writeFile(go, '')
  await Promise.all([first, second])
  t.equal((await builds(directory)).length, 1)
})

t.test('a second installer shares the failure of the first and does not repeat it', async (t) => {
  const directory = t.testdir()
  const pid = join(directory, 'pid')
  const go = join(directory, 'go')
  const script = `echo $$ > ${pid}; while ! test -e ${go}; do sleep 0.05; done; echo ENOSPC; false`
  const first = installIde(options(directory), plans(script))
  await pidIn(pid)
  const followed: string[] = []
  const report = ({ step }: { step: string }) => followed.push(step)
  const second = installIde(options(directory, { report }), plans('true'))
  await until(() => followed.includes('Working'))
  await writeFile(go, '')
  const message = 'The disk is full.'
  await Promise.all([t.rejects(first, { message }), t.rejects(second, { message })])
})

t.test('a second installer takes over from one that is killed', async (t) => {
  const directory = t.testdir()
  const file = join(directory, 'pid')
  const { child } = startInstaller(t, directory, `echo $$ > ${file}; exec sleep 600`)
  const pid = await pidIn(file)
  const followed: string[] = []
  const report = ({ step }: { step: string }) => followed.push(step)
  const second = installIde(options(directory, { report }), plans('true'))
  await until(() => followed.length > 0)
  child.kill('SIGKILL')
  process.kill(pid)
  await second
  t.match(await status(directory), { state: 'installed' })
})

t.test('root does not install where sessions cannot go', async (t) => {
  const directory = t.testdir({ closed: {} })
  await chmod(join(directory, 'closed'), 0o700)
  const inside = join(directory, 'closed', 'ides')
  await t.rejects(installIde(options(inside, { root: true }), plans('true')), {
    message: "The sessions' accounts cannot reach the folder where IDEs are installed.",
  })
})
