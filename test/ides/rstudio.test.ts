import assert from 'node:assert/strict'
import fc from 'fast-check'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Agent, request } from 'undici'
import { Ides } from '../../src/ides/ides.ts'
import { optionsIn } from '../../src/ides/rstudio-server.ts'
import { silent } from '../fixtures/silent-log.ts'
import { placeRServer } from '../fixtures/rserver.ts'
import { until } from '../fixtures/until.ts'
import { PREFIX, startIde, type RunningIde } from './fixtures/running-ide.ts'

async function directoryFor(t: Test): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'rserver-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  await chmod(directory, 0o755)
  return directory
}

const context = { sessionId: 'i', prefix: '/s/i', home: '/', secret: 'x' }

async function statusOf(ides: Ides) {
  return (await ides.list()).find(({ name }) => name === 'rstudio')
}

t.test('RStudio Server is found, or it is said what to install', async (t) => {
  const directory = await directoryFor(t)
  const rserver = await placeRServer(directory)
  const log = silent

  const there = new Ides({ directory, path: '', rserver, log })
  t.match(await statusOf(there), { state: 'installed', version: '2024.12.0+467', message: null })

  const inPath = new Ides({ directory, path: join(directory, 'bin'), log })
  t.match(await statusOf(inPath), { state: 'installed' })

  const none = new Ides({ directory, path: '', log })
  const message = /install RStudio Server 2024.12 or newer, together with R/
  t.match(await statusOf(none), { state: 'missing', version: null, message, mend: null })
  await t.rejects(none.get('rstudio').command(context), { code: 'IDE_MISSING', message })

  const wrong = new Ides({ directory, path: '', rserver: join(directory, 'none'), log })
  t.match(await statusOf(wrong), { state: 'missing', message: /ides.rserver names .*none/ })

  await writeFile(
    rserver,
    '#!/bin/sh\n[ "$1" = --version ] && exec echo 2023.06.1+524\nprintf "  --www-root-path arg\\n"\n',
  )
  t.match(await statusOf(there), {
    state: 'missing',
    version: '2023.06.1+524',
    message: /2023.06.1\+524 is installed, but .* 2024.12 or newer/,
  })
  await t.rejects(there.get('rstudio').command(context), { code: 'IDE_MISSING' })
})

t.test('only options that a server knows are given to it', async (t) => {
  t.strictSame(
    [...optionsIn('Options:\n  -h [ --help ]   print\n  --www-socket arg\n    see --other\n')],
    ['help', 'www-socket'],
  )
  const directory = await directoryFor(t)
  const rserver = await placeRServer(directory)
  const options = 'options.mjs'
  const file = join(directory, 'bin', options)
  await writeFile(file, (await readFile(file, 'utf8')).replace('auth-timeout-minutes', ''))
  const ides = new Ides({ directory, path: '', rserver, log: silent })
  const { script } = await ides.get('rstudio').command(context)
  t.match(script, '--www-socket=$ATELIER_SOCKET')
  t.notMatch(script, '--auth-timeout-minutes')
})

t.test('the stand-in refuses what the real one would', async (t) => {
  const running = await startIde(t, 'rstudio', await placeRServer(await directoryFor(t)))
  t.equal((await running.ask('GET', '/')).status, 302)
  t.equal((await running.ask('GET', `${PREFIX}/`)).status, 404, 'a prefix that is not stripped')
  const dispatcher = new Agent({ connect: { socketPath: running.socket } })
  t.teardown(() => dispatcher.destroy())
  const bare = await request('http://localhost/', { dispatcher })
  t.equal(bare.statusCode, 400, 'no headers')
  await bare.body.dump()
})

t.test('R saves its session when only the script is told to end', async (t) => {
  const running = await startIde(t, 'rstudio', await placeRServer(await directoryFor(t)))
  const r = await openR(t, running)
  await r.rpc('console_input', 'x <- 42')
  process.kill(running.child.pid ?? 0, 'SIGTERM')
  t.match(await savedIn(running), { signal: 'SIGUSR1', interrupted: false, variables: { x: '42' } })
  t.equal(await exitCode(running), 0)
})

t.test('R that computes without end is interrupted to save its session', async (t) => {
  const running = await startIde(t, 'rstudio', await placeRServer(await directoryFor(t)))
  const r = await openR(t, running)
  await r.rpc('console_input', 'x <- 43')
  await r.rpc('console_input', 'repeat {}')
  process.kill(running.child.pid ?? 0, 'SIGTERM')
  t.match(await savedIn(running), {
    signal: 'SIGUSR2',
    interrupted: true,
    suspendWhenIdle: true,
    variables: { x: '43' },
  })
  t.equal(await exitCode(running), 0)
})

t.test('R saves its session when RStudio Server dies', async (t) => {
  const running = await startIde(t, 'rstudio', await placeRServer(await directoryFor(t)))
  const r = await openR(t, running)
  await r.rpc('console_input', 'x <- 44')
  const { pid } = running.child
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  process.kill(Number(children.trim().split(' ')[0]), 'SIGKILL')
  t.match(await savedIn(running), { variables: { x: '44' } })
  t.equal(await exitCode(running), 137)
})

/** Signs in as a browser does, past the proxy, and launches R. */
async function openR(t: Test, { ide, socket }: RunningIde) {
  const dispatcher = new Agent({ connect: { socketPath: socket } })
  t.teardown(() => dispatcher.destroy())
  const ask = async (method: 'GET' | 'POST', path: string, cookie: string, body?: string) => {
    const url = `http://localhost${PREFIX}${path}`
    const headers = { cookie, ...ide.requestHeaders?.({ prefix: PREFIX, url }) }
    return request(`http://localhost${path}`, { dispatcher, method, headers, body: body ?? null })
  }
  const { headers } = await ask('GET', '/auth-sign-in?appUri=%2F', '')
  const cookie = [headers['set-cookie'] ?? []].flat().join('; ')
  const rpc = async (method: string, ...params: string[]) => {
    const answer = await ask('POST', `/rpc/${method}`, cookie, JSON.stringify({ params }))
    t.equal(answer.statusCode, 200, method)
    return answer.body.json()
  }
  await rpc('client_init')
  return { rpc }
}

async function savedIn({ home }: RunningIde): Promise<unknown> {
  const file = join(home, '.local/share/rstudio/sessions/suspended-session-data.json')
  return JSON.parse(await until(() => readFile(file, 'utf8').catch(() => undefined)))
}

async function exitCode({ child }: RunningIde): Promise<number | null> {
  await until(() => child.exitCode !== null)
  return child.exitCode
}

t.test('the options of a help text are those that it lists, whatever else it says', async () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/)
  const listed = fc.tuple(name, fc.constantFrom('  --', '--', '\t--')).map((pair) => ({
    name: pair[0],
    line: `${pair[1]}${pair[0]} arg (=1)  what it does, see --${pair[0]}x`,
  }))
  const prose = name.map((word) => ({ name: undefined, line: `Use ${word} with --${word} here` }))
  fc.assert(
    fc.property(fc.array(fc.oneof(listed, prose)), fc.constantFrom('\n', '\r\n'), (lines, end) => {
      const names = lines.flatMap((each) => each.name ?? [])
      const help = lines.map(({ line }) => line).join(end)
      assert.deepEqual([...optionsIn(help)], [...new Set(names)])
    }),
  )
})
