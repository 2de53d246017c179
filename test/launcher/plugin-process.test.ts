import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { LauncherService } from '../../src/launcher/service.ts'
import {
  clientOf,
  fixtureCommand,
  keyPath,
  shellJob,
  shortDirectory,
  SILENT,
  socketPath,
  until,
} from './fixtures/launcher-fixture.ts'

const HEARTBEAT = 300

/** A Launcher whose plugin behaves in this way. */
function withPlugin(t: Test, behaviour: string, limits: { requestTimeout?: number } = {}) {
  const directory = shortDirectory(t)
  const starts = join(directory, 'starts')
  const plugin = fixtureCommand('fake-plugin.ts', behaviour, starts)
  const places = { socket: socketPath(directory), keyFile: keyPath(directory) }
  const options = { ...places, log: SILENT, plugin, heartbeatInterval: HEARTBEAT, ...limits }
  const service = new LauncherService(options)
  const client = clientOf(directory)
  t.teardown(async () => {
    await client.close()
    await service.stop()
  })
  return { service, client, starts: () => readFileSync(starts, 'utf8').trim().split('\n').length }
}

for (const behaviour of ['garbage', 'nonsense']) {
  t.test(`a plugin that answers ${behaviour} is started again`, async (t) => {
    const { service, client, starts } = withPlugin(t, behaviour)
    await service.start()
    await t.rejects(client.list([]), { code: 'LAUNCHER_UNAVAILABLE' })
    const jobs = await until(() => client.list([]).catch(() => undefined))
    t.same([jobs.map(({ id }) => id), starts()], [['one'], 2])
  })
}

t.test('a plugin that is silent is killed and started again', async (t) => {
  const { service, client, starts } = withPlugin(t, 'silent')
  await service.start()
  await until(() => starts() === 2 || undefined)
  await until(() => client.list([]).catch(() => undefined))
  t.equal(starts(), 2, 'and the second, which is not, lives on')
})

t.test(
  'a plugin that was not heard because the Launcher itself paused is not killed',
  async (t) => {
    const { service, client, starts } = withPlugin(t, 'healthy')
    await service.start()
    const pause = new Int32Array(new SharedArrayBuffer(4))
    Atomics.wait(pause, 0, 0, 5 * HEARTBEAT)
    for (let asked = 0; asked < 3; asked++) t.match(await client.list([]), [{ id: 'one' }])
    t.equal(starts(), 1)
  },
)

t.test('a request that is not answered fails in time', async (t) => {
  const { service, client } = withPlugin(t, 'slow', { requestTimeout: 200 })
  await service.start()
  await t.rejects(client.get('one'), { code: 'LAUNCHER_UNAVAILABLE' })
})

t.test('a full disk is called by its name', async (t) => {
  const { service, client } = withPlugin(t, 'full')
  await service.start()
  await t.rejects(client.submit(shellJob('exit 0'), 'k'), { code: 'DISK_FULL' })
})

t.test('the tail of a plugin that can only tell everything is cut here', async (t) => {
  const { service, client } = withPlugin(t, 'tells all')
  await service.start()
  t.equal(await client.tail('one', 9), 'second ä\n'.slice(-8))
  t.equal(await client.tail('one', 1000), 'first\nsecond ä\n')
})

t.test(
  'a plugin that knows nothing of ports says where a job is, and of its ports that it cannot',
  async (t) => {
    const { service, client } = withPlugin(t, 'tells no ports')
    await service.start()
    t.equal((await client.network('one')).host, 'elsewhere')
    await t.rejects(client.ports('one'), {
      code: 'BAD_REQUEST',
      message: /cannot tell which web apps/,
    })
  },
)

t.test('a plugin that cannot be used keeps the Launcher from starting', async (t) => {
  await t.rejects(withPlugin(t, 'refuses').service.start(), { message: /no scheduler here/ })
  await t.rejects(withPlugin(t, 'too new').service.start(), { message: /version 4/ })
  const plugin = { command: '/nonexistent/plugin', args: [] }
  const directory = shortDirectory(t)
  const places = { socket: socketPath(directory), keyFile: keyPath(directory) }
  const missing = new LauncherService({ ...places, log: SILENT, plugin })
  await t.rejects(missing.start(), { message: /ENOENT/ })
})
