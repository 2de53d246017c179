import t from 'tap'
import type { LauncherClient } from '../../src/launcher/client.ts'
import { shellJob, until } from './fixtures/launcher-fixture.ts'
import { twoClusters } from './fixtures/two-clusters.ts'

const NEVER = new AbortController().signal

const isReady = (client: LauncherClient) =>
  until(async () => (await client.status()).status === 'Green' || undefined)

async function take<T>(values: AsyncIterable<T>, count: number): Promise<T[]> {
  const taken: T[] = []
  for await (const value of values) {
    taken.push(value)
    if (taken.length === count) break
  }
  return taken
}

t.test('two Launcher clusters', async (t) => {
  const { client, notes } = await twoClusters(t, 'nothing')
  await isReady(client)
  const ada = client.as('ada')
  const bob = client.as('bob')
  const ids = async (asking: LauncherClient, query: Parameters<LauncherClient['find']>[0]) =>
    (await asking.find(query)).jobs.map(({ id }) => id)

  t.test('jobs are listed by filters, whatever their plugin makes of these', async (t) => {
    t.same(await ids(client, {}), ['one', 'two', 'bobs'], 'of the default cluster')
    t.same(await ids(client, { cluster: 'Odd' }), ['Odd:one', 'Odd:two', 'Odd:bobs'])
    t.equal((await ids(client, { cluster: '*' })).length, 6)
    t.same(await ids(client, { tags: ['a', 'b'] }), ['one'], 'all tags')
    t.same(await ids(client, { statuses: ['Finished', 'Killed'] }), ['two'], 'one status')
    t.same(await ids(client, { user: 'bob' }), ['bobs'])
    t.same(await ids(client, { startTime: '2026-01-02T03:04:06' }), [])
    t.equal((await ids(client, { startTime: '2026-01-02T03:04:05Z' })).length, 3)
    t.same(await ids(client, { endTime: '2026-01-02T03:04:04+00:00' }), [])
    await t.rejects(client.find({ endTime: 'soon' }), { code: 'BAD_REQUEST' })
    await t.rejects(client.find({ cluster: 'None' }), { code: 'NOT_FOUND' })
  })

  t.test('a user sees and touches only their own jobs', async (t) => {
    t.same(await ids(ada, { cluster: '*' }), ['one', 'two', 'Odd:one', 'Odd:two'])
    t.same(await ids(ada, { user: 'bob' }), [])
    t.equal(await bob.get('one'), undefined)
    t.match(await ada.get('Odd:one'), { id: 'Odd:one', cluster: 'Odd', user: 'ada' })
    const notFound = { code: 'NOT_FOUND' }
    await t.rejects(bob.control('Odd:one', 'stop'), notFound)
    await t.rejects(bob.network('Odd:one'), notFound)
    await t.rejects(bob.ports('Odd:one'), notFound)
    await t.rejects(bob.tail('Odd:one', 10), notFound)
    await t.rejects(take(bob.output('Odd:one', NEVER), 1), notFound)
    await t.rejects(take(bob.follow('Odd:one', NEVER), 1), notFound)
    await t.rejects(take(bob.usageOf('Odd:one', NEVER), 1), notFound)
    t.same(
      notes().filter((line) => line.startsWith('control')),
      [],
    )
    const forAda = { ...shellJob('exit 0'), user: 'ada' }
    await t.rejects(bob.submit(forAda, 'k'), { code: 'BAD_REQUEST', message: /started by bob/ })
    t.match(await take(bob.watch(NEVER), 1), [{ id: 'bobs' }])
    t.match(await take(ada.usage(NEVER), 1), [{ id: 'one', cpuPercent: 12.5 }])
  })

  t.test('a job is submitted to its cluster, as its user, with all that was said', async (t) => {
    const spec = {
      user: 'ada',
      cluster: 'Odd',
      name: 'n',
      exe: '',
      command: 'echo hi',
      args: [],
      environment: { A: '1' },
      workingDirectory: '/w',
      tags: ['x'],
      queues: ['q'],
      stdin: 'in',
      container: { image: 'i' },
      metadata: { m: [1] },
      group: 'g',
      mounts: [{ mountPath: '/m', mountSource: { type: 'host', source: { path: '/s' } } }],
      exposedPorts: [{ targetPort: 80 }],
      config: [{ name: 'c', value: 'v' }],
      placementConstraints: [{ name: 'p', value: 'v' }],
      resourceProfile: 'large',
    }
    const job = await ada.submit(spec, 'k')
    t.match(job, { id: 'Odd:new', cluster: 'Odd', user: 'ada', command: 'echo hi', queues: ['q'] })
    t.notOk('environment' in job || 'stdin' in job, 'secrets are not told')
    const { exe: _, environment: __, args: ___, tags: ____, ...rest } = spec
    const told = JSON.parse(
      notes()
        .find((line) => line.startsWith('submit'))
        ?.slice(7) ?? '',
    )
    t.match(told, { username: 'ada', requestUsername: 'ada' })
    t.match(told.job, { ...rest, environment: [{ name: 'A', value: '1' }], tags: ['x', 'key:k'] })
    t.notOk('exe' in told.job, 'what is empty is not said')
    for (const wrong of [{ exe: '/bin/true' }, { command: '', container: undefined }]) {
      await t.rejects(ada.submit({ ...spec, ...wrong }, 'k2'), { code: 'BAD_REQUEST' })
    }
  })

  t.test('jobs are controlled, measured and read', async (t) => {
    await ada.control('Odd:one', 'suspend')
    await client.control('Odd:one', 'cancel')
    t.same(
      notes().filter((line) => line.startsWith('control')),
      ['control one 0 ada', 'control one 4 *'],
    )
    t.match(await ada.network('Odd:one'), { host: 'h', ipAddresses: ['10.0.0.1'], socket: null })
    t.match(await take(ada.usageOf('Odd:one', NEVER), 1), [
      { id: 'one', residentBytes: 2_097_152, virtualBytes: 4_194_304 },
    ])
    await t.rejects(take(ada.usageOf('Odd:two', NEVER), 1), { code: 'JOB_STATE' })
    const read = async (type?: 'stdout' | 'stderr') =>
      (await take(ada.output('Odd:one', NEVER, type), 9)).map(({ output }) => output)
    t.same(await read(), ['stdout\n', 'stderr\n'])
    t.same(await read('stdout'), ['stdout\n'])
    t.same(await read('stderr'), ['stderr\n'])
    t.match(await take(ada.follow('Odd:two', NEVER), 9), [{ id: 'Odd:two', status: 'Finished' }])
  })

  t.test('what a cluster can do is told for each user', async (t) => {
    t.match(await ada.clusterInfo('Odd'), { queues: ['ada'], supportsContainers: false })
    t.match(await client.clusterInfo(), { queues: ['*'], resourceLimits: [] })
    await t.rejects(client.clusterInfo('None'), { code: 'NOT_FOUND' })
  })
})

t.test('nodes are told to plugins that know of them, also after a restart', async (t) => {
  const nodes = (host: string) => [
    { host, ipv4: '10.0.0.1', port: '8787', lastSeen: '2026-01-02T03:04:05Z', status: 'Online' },
  ]
  const { client, notes } = await twoClusters(t, 'old')
  await isReady(client)
  await client.setNodes(nodes('a'))
  await until(() => notes('Local').includes('nodes a Online') || undefined)
  await client.setNodes(nodes('b'))
  await until(() => notes('Local').includes('nodes b Online') || undefined)
  t.notMatch(notes().join('\n'), /nodes/, 'a plugin of 3.4 might end when it hears of them')
})

t.test('plugins read their configuration again when the Launcher does', async (t) => {
  const { client, service, notes } = await twoClusters(t, 'old')
  await isReady(client)
  await service.reload()
  t.ok(notes('Local').includes('reload'))
  t.notOk(notes().includes('reload'), 'but not those that do not know how')
})

t.test('what plugins report of themselves is kept', async (t) => {
  const { client } = await twoClusters(t, 'reports')
  await isReady(client)
  const metrics = await until(async () => {
    const { clusters } = await client.metrics()
    const odd = clusters.find(({ cluster }) => cluster === 'Odd')
    return odd?.reports === 2 ? odd : undefined
  })
  t.match(metrics, { uptimeSeconds: 8, memoryBytes: 10, restarts: 0 })
  t.match(metrics.latency, { counts: [1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0], sumSeconds: 0.5 })
})

t.test('the first request is numbered 0, as with Posit', async (t) => {
  const { client, notes } = await twoClusters(t, 'nothing')
  await isReady(client)
  t.ok(notes().includes('bootstrap 0'))
})
