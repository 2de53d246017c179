import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { signIn, type ApiUser, type SessionAnswer } from '../fixtures/api.ts'
import { dataDirectory, jobProcesses, startTestAtelier } from '../fixtures/atelier.ts'
import { misbehavingIde } from '../fixtures/misbehaving-ide.ts'
import { until } from '../fixtures/until.ts'

interface ErrorAnswer {
  readonly error: { readonly code: string; readonly message: string }
}

t.test('an IDE that misbehaves is a clear failure and leaves nothing behind', async (t) => {
  const ides = join(await dataDirectory(t), 'ides')
  const ide = await misbehavingIde(ides)
  const atelier = await startTestAtelier(t, [
    `ides.directory="${ides}"`,
    'ides.install=false',
    'sessions.start_timeout_seconds=4',
    'sessions.stop_timeout_seconds=1',
  ])
  const user = await signIn(atelier.signInLink)

  const cases: [name: string, script: string, reason: RegExp, logTail: RegExp][] = [
    ['dies at once', 'echo no licence >&2; exit 3', /exit code 3/, /^no licence$/],
    ['cannot be run', 'exec /does/not/exist', /could not be run/, /does\/not\/exist/],
    [
      'never gets ready',
      'echo waiting; exec sleep 1000',
      /did not answer within 4 seconds/,
      /^waiting$/,
    ],
    ['ignores SIGTERM', 'trap "" TERM; while :; do sleep 1; done', /did not answer/, /^$/],
    ['leaves a process behind', 'setsid sleep 1000 & exit 1', /exit code 1/, /^$/],
    [
      'prints megabytes',
      'yes "a line of an IDE" | head -c 60000000; exit 5',
      /exit code 5/,
      /a line of an IDE/,
    ],
  ]
  for (const [name, script, reason, logTail] of cases) {
    await t.test(name, async (t) => {
      await ide.change(script)
      const failed = await user.start('jupyterlab', 'Failed')
      t.match(failed, { reason, logTail })
      t.ok((failed.logTail ?? '').length < 30_000, 'few lines are kept')
      await leavesNothing(t, atelier.directory, user, failed)
    })
  }

  await t.test('can be stopped while it starts, and by force', async (t) => {
    await ide.change('trap "" TERM; while :; do sleep 1; done')
    const { body } = await user.ask<SessionAnswer>('POST', '/api/v1/sessions', {
      ide: 'jupyterlab',
    })
    t.equal((await user.ask('DELETE', `/api/v1/sessions/${body.id}?force=true`)).status, 202)
    await leavesNothing(t, atelier.directory, user, await user.untilState(body.id, 'Stopped'))
  })

  await t.test(
    'one that is not installed is refused with the command that installs it',
    async (t) => {
      const { status, body } = await user.ask<ErrorAnswer>('POST', '/api/v1/sessions', {
        ide: 'vscode',
      })
      t.match({ status, body }, { status: 409, body: { error: { message: /ide install vscode/ } } })
      t.strictSame((await user.ask<object>('GET', '/api/v1/sessions')).body, {
        items: [],
        next: null,
      })
    },
  )
})

t.test('a port that is taken, and a data directory in use, are named', async (t) => {
  const blocker = createServer().listen(0, '127.0.0.1')
  t.teardown(() => blocker.close())
  await until(() => blocker.listening)
  const { port } = blocker.address() as AddressInfo
  await t.rejects(
    startTestAtelier(t, [`server.port=${port}`]),
    new RegExp(`Port ${port} on 127.0.0.1 is in use.*server.port=${port + 1}`),
  )
  const atelier = await startTestAtelier(t)
  const second = spawnSync(
    process.execPath,
    ['dist/src/main.js', 'start', '--set', `data.directory="${atelier.directory}"`],
    { encoding: 'utf8' },
  )
  t.equal(second.status, 1)
  t.match(second.stderr, /already runs on this data directory \(process \d+\)/)
  t.equal((await fetch(`${atelier.address}/health`)).status, 200, 'the first one is unharmed')
})

t.test('a wrong configuration is refused with every mistake at once', async (t) => {
  const settings = ['server.port=99999', 'server.prot=1', 'log.level=loud', 'data.directory=x']
  const args = settings.flatMap((setting) => ['--set', setting])
  const { status, stderr } = spawnSync(process.execPath, ['dist/src/main.js', 'start', ...args], {
    encoding: 'utf8',
  })
  t.equal(status, 1)
  for (const key of ['server.port', 'server.prot', 'log.level', 'data.directory'])
    t.match(stderr, key)
})

t.test('rubbish on the port harms nobody', async (t) => {
  const atelier = await startTestAtelier(t)
  const { hostname, port } = new URL(atelier.address)
  const rubbish = [
    'GET\r\n\r\n',
    '\u0000\u0001\u0002\r\n\r\n',
    'GET /s/../api/v1/sessions HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /s/%00/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    'GET /elsewhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    'POST /api/v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    'GET http://other.example/ HTTP/1.1\r\nHost: other.example\r\n\r\n',
    'GET //other.example/%2e%2e HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /assets/..%2f..%2f..%2fpackage.json HTTP/1.1\r\nHost: x\r\n\r\n',
  ]
  for (const bytes of rubbish) {
    const answer = await send(bytes)
    t.notMatch(answer, /node_modules|at .*\.js:|\/work\/|"scripts"/, bytes.slice(0, 50))
    t.match(answer, /^$|^HTTP\/1.1 (200|30\d|4\d\d)/)
  }
  t.equal((await fetch(`${atelier.address}/health`)).status, 200)

  const before = await atelier.pid('node')
  for (const path of ['/x', '/s/aaaaaaaaaaaa/', '/api/v1/events']) {
    for (let times = 0; times < 20; times++) await sendAndReset(path)
  }
  const idle = connect(Number(port), hostname)
  t.teardown(() => idle.destroy())
  idle.write(upgradeOf('/x'))
  await until(() => idle.bytesRead > 0)
  t.equal((await fetch(`${atelier.address}/health`)).status, 200)
  t.equal(
    await atelier.pid('node'),
    before,
    'resets in the middle of an upgrade did not end the node',
  )

  function sendAndReset(path: string): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(upgradeOf(path), () => socket.resetAndDestroy())
      })
      socket.on('error', () => undefined).on('close', () => resolve())
    })
  }

  function upgradeOf(path: string): string {
    return `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`
  }

  function send(bytes: string): Promise<string> {
    return new Promise((resolve) => {
      let answer = ''
      const socket = connect(Number(port), hostname, () => socket.end(bytes))
      socket.setEncoding('latin1').on('data', (text) => (answer += text))
      socket.on('error', () => undefined).on('close', () => resolve(answer))
    })
  }
})

const cannotMount = process.getuid?.() === 0 ? false : 'needs root, to mount a small disk'

t.test(
  'a full disk is said, and work goes on when there is space again',
  { skip: cannotMount },
  async (t) => {
    const directory = await dataDirectory(t)
    const disk = join(directory, 'jobs')
    await mkdir(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=755', 'atelier-test', disk])
    t.teardown(() => execFileSync('umount', ['-l', disk]))
    const atelier = await startTestAtelier(t, [`data.directory="${directory}"`])
    const user = await signIn(atelier.signInLink)
    const filler = join(disk, 'filler')
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k'])
    t.ok(statSync(filler).size > 500_000)

    const failed = await user.start('jupyterlab', 'Failed')
    t.match(failed.reason, /disk is full/)
    await leavesNothing(t, directory, user, failed)
    await rm(filler)
    const { id } = await user.start('jupyterlab')
    await user.ask('DELETE', `/api/v1/sessions/${id}?force=true`)
    await user.untilState(id, 'Stopped')
  },
)

/** No process, no socket, and after its removal no row. */
async function leavesNothing(
  t: Test,
  directory: string,
  user: ApiUser,
  { id }: SessionAnswer,
): Promise<void> {
  await until(async () => (await jobProcesses(directory)).length === 0)
  await until(async () => !(await hasSockets(join(directory, 'jobs', 'run'))))
  t.equal((await user.ask('DELETE', `/api/v1/sessions/${id}`)).status, 204)
  t.equal((await user.ask('GET', `/api/v1/sessions/${id}`)).status, 404)
}

async function hasSockets(directory: string): Promise<boolean> {
  if (!existsSync(directory)) return false
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries.some((entry) => entry.isSocket())
}
