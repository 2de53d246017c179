import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { WebSocket } from 'ws'
import { signIn, type ApiUser } from '../fixtures/api.ts'
import { startTestAtelier, dataDirectory, TEST_CACHE } from '../fixtures/atelier.ts'
import { startKernel } from '../fixtures/kernel.ts'
import { until } from '../fixtures/until.ts'

interface VersionList {
  readonly items: readonly { id: string; language: string; label: string; kernel: boolean }[]
}

const jupyterPython = join(TEST_CACHE, 'ides/jupyter/venv/bin/python3')

/** A virtual environment, with the packages that Jupyter's own has. */
function makeEnvironment(directory: string): string {
  execFileSync(jupyterPython, ['-m', 'venv', '--without-pip', directory])
  const folders = 'import site; print(site.getsitepackages()[0])'
  const of = (python: string) => execFileSync(python, ['-c', folders], { encoding: 'utf8' }).trim()
  const program = join(directory, 'bin/python3')
  writeFileSync(join(of(program), 'jupyter.pth'), of(jupyterPython))
  return program
}

t.test('a session runs the Python and the R that were chosen for it', async (t) => {
  const environments = await dataDirectory(t)
  const settings = [`python.paths=["${environments}/*"]`]
  const atelier = await startTestAtelier(t, settings)
  const user = await signIn(atelier.signInLink)
  const list = async () => (await user.ask<VersionList>('GET', '/api/v1/versions')).body.items
  const before = await list()
  t.ok(before.some(({ id }) => id === '/usr/bin/python3'))
  if (!before.some(({ id }) => id === '/usr/bin/R'))
    throw new Error('R is missing: run test/setup.js')

  const program = makeEnvironment(join(environments, 'analysis'))

  await t.test('what was installed after the start can be chosen at once', async (t) => {
    t.notOk(before.some(({ id }) => id === program))
    const more = { python: program, r: '/usr/bin/R' }
    const session = await user.start('jupyterlab', 'Active', more)
    t.match(session, more)
    t.match(
      (await list()).find(({ id }) => id === program),
      {
        label: /^Python 3\.\d+\.\d+ \(venv analysis\)$/,
        kernel: true,
      },
    )

    const python = await startKernel(user, session.url)
    t.equal(
      await python.run('import sys, shutil; print(sys.executable, sys.prefix)'),
      `${program} ${join(environments, 'analysis')}\n`,
      'by the kernel',
    )
    t.match(
      await python.run(
        'import subprocess; print(subprocess.getoutput("python3 -c \'import sys; print(sys.prefix)\'"))',
      ),
      join(environments, 'analysis'),
      'and by what it starts',
    )
    const r = await startKernel(user, session.url, 'ir')
    t.match(await r.run('cat(Sys.which("R"))'), /\/bin\/R$/)
    t.equal(await r.run('cat(6*7)'), '42')
    t.match(
      await typed(
        user,
        session.url,
        'python3 -c "import sys; print(sys.prefix)"; echo do\\ne\r',
        'done',
      ),
      join(environments, 'analysis'),
      'and by terminals',
    )
    await user.ask('DELETE', `/api/v1/sessions/${session.id}`)
    await user.untilState(session.id, 'Stopped')
  })

  await t.test('what is not there is refused before anything starts', async (t) => {
    for (const wanted of [
      { python: '/nowhere/python3' },
      { r: program },
      { python: 'x; reboot' },
    ]) {
      const answer = await user.ask('POST', '/api/v1/sessions', { ide: 'jupyterlab', ...wanted })
      t.match(answer, { status: 409, body: { error: { code: 'VERSION_UNUSABLE' } } })
    }
    t.equal((await user.ask('POST', '/api/v1/sessions', { ide: 'vscode', r: 7 })).status, 400)
  })

  await t.test('the command line lists the same', async (t) => {
    const args = ['dist/src/main.js', 'versions', '--json']
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [...args, ...settings.flatMap((setting) => ['--set', setting])],
      { encoding: 'utf8' },
    )
    t.equal(stderr, '')
    t.strictSame((JSON.parse(stdout) as VersionList).items, await list())
  })
})

/** Types into a new terminal of Jupyter and answers what it showed until then. */
async function typed(user: ApiUser, url: string, text: string, end: string): Promise<string> {
  const { body } = await user.ask<{ name: string }>('POST', `${url}api/terminals`)
  const address = `${user.address.replace('http', 'ws')}${url}terminals/websocket/${body.name}`
  const socket = new WebSocket(address, { headers: { cookie: user.cookie, origin: user.address } })
  let shown = ''
  socket.on('message', (data: Buffer) => {
    const [kind, told] = JSON.parse(data.toString()) as [string, string]
    if (kind === 'stdout') shown += told
    if (kind === 'setup') socket.send(JSON.stringify(['stdin', text]))
  })
  await until(() => shown.includes(end))
  socket.close()
  return shown
}
