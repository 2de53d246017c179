import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Agent, request } from 'undici'
import t from 'tap'
import { makeKeyFile } from '../../src/key-file.ts'
import { USER_HEADER } from '../../src/launcher/api-schemas.ts'
import { LauncherClient } from '../../src/launcher/client.ts'
import type { Job } from '../../src/launcher/job.ts'
import { LauncherService } from '../../src/launcher/service.ts'
import {
  clientOf,
  fixtureCommand,
  keyPath,
  shellJob,
  shortDirectory,
  SILENT,
  socketPath,
  spawnLauncher,
} from './fixtures/launcher-fixture.ts'

const JOB: Job = {
  id: 'x',
  cluster: 'local',
  name: 'n',
  user: 'u',
  status: 'Running',
  statusMessage: '',
  exitCode: null,
  pid: null,
  host: 'h',
  tags: [],
  submissionTime: '',
  lastUpdateTime: '',
}
const placesIn = (directory: string) => ({
  socket: socketPath(directory),
  keyFile: keyPath(directory),
})
const plugin = { command: process.execPath, args: [] }

t.test('a second Launcher on a socket that is in use refuses to start', async (t) => {
  const directory = shortDirectory(t)
  const first = await spawnLauncher(t, directory)
  const second = new LauncherService({ ...placesIn(directory), log: SILENT, plugin })
  await t.rejects(second.start(), { message: /another launcher is running/ })
  t.same(await first.client.list([]), [], 'the first is not disturbed')

  t.equal(statSync(socketPath(directory)).mode & 0o777, 0o600, 'the socket is private')
  const agent = new Agent({ connect: { socketPath: socketPath(directory) } })
  t.teardown(() => agent.destroy())
  const authorization = `Bearer ${readFileSync(keyPath(directory), 'utf8').trim()}`
  const get = async (path: string) => {
    const headers = { authorization, [USER_HEADER]: '*' }
    const options = { dispatcher: agent, headers }
    const { statusCode, body } = await request(`http://launcher${path}`, options)
    return { statusCode, body: await body.json() }
  }
  t.match(await get('/status'), { statusCode: 200, body: { status: 'Green' } })
  t.match(await get('/cluster-info'), { statusCode: 200, body: { supportsContainers: false } })
  t.match(await get('/nonesuch'), { statusCode: 404, body: { error: { code: 'NOT_FOUND' } } })

  await first.kill()
  const third = await spawnLauncher(t, directory)
  t.same(await third.client.list([]), [], 'the socket of a killed one is replaced')
})

t.test('what is not a socket is not replaced', async (t) => {
  const places = placesIn(shortDirectory(t))
  mkdirSync(dirname(places.socket))
  writeFileSync(places.socket, 'precious')
  const service = new LauncherService({ ...places, log: SILENT, plugin })
  await t.rejects(service.start(), { message: /is not a socket/ })
  t.equal(statSync(places.socket).size, 8)
})

t.test('a plugin for an account that jobs cannot have does not start', async (t) => {
  const directory = shortDirectory(t)
  for (const [user, message] of [
    ['root', /never run as root/],
    ['no-such-account', /no account no-such-account/],
  ] as const) {
    const service = new LauncherService({
      ...placesIn(directory),
      log: SILENT,
      plugin: fixtureCommand(
        'run-plugin.ts',
        JSON.stringify({ scratchPath: `${directory}/s`, user }),
      ),
    })
    await t.rejects(service.start(), { message })
  }
})

t.test(
  'a Launcher that does not answer is unavailable soon, but its streams may be quiet',
  async (t) => {
    const { socket, keyFile } = placesIn(shortDirectory(t))
    mkdirSync(dirname(socket))
    makeKeyFile(keyFile)
    const streams: ServerResponse[] = []
    const server = createServer(({ url }, response) => {
      if (url === '/jobs/events') streams.push(response)
    }).listen(socket)
    await once(server, 'listening')
    const client = new LauncherClient({ socket, keyFile, lookLimit: 50, actLimit: 100 })
    t.teardown(async () => {
      await client.close()
      server.close()
    })
    const watching = client.watch(new AbortController().signal)[Symbol.asyncIterator]().next()
    const unavailable = { code: 'LAUNCHER_UNAVAILABLE' }
    await Promise.all([
      t.rejects(client.list([]), unavailable),
      t.rejects(client.get('x'), unavailable),
      t.rejects(client.network('x'), unavailable),
      t.rejects(client.ports('x'), unavailable),
      t.rejects(client.submit(shellJob('exit 0'), 'k'), unavailable),
      t.rejects(client.control('x', 'stop'), unavailable),
      t.rejects(client.tail('x', 1), unavailable),
    ])
    for (const stream of streams) stream.end(`${JSON.stringify(JOB)}\n`)
    t.match(await watching, { done: false, value: { id: 'x' } })
  },
)

t.test('without a Launcher the client says that it is unavailable', async (t) => {
  const client = clientOf(shortDirectory(t))
  t.teardown(() => client.close())
  const unavailable = { code: 'LAUNCHER_UNAVAILABLE' }
  await t.rejects(client.get('x'), unavailable)
  await t.rejects(client.list([]), unavailable)
  await t.rejects(async () => {
    for await (const _ of client.watch(new AbortController().signal)) t.fail()
  }, unavailable)
})
