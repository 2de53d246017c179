import t, { type Test } from 'tap'
import type { LauncherClient } from '../../src/launcher/client.ts'
import { shellJob, until } from './fixtures/launcher-fixture.ts'
import { twoClusters } from './fixtures/two-clusters.ts'

const NEVER = new AbortController().signal

async function firstOf<T>(values: AsyncIterable<T>): Promise<T | undefined> {
  for await (const value of values) return value
  return undefined
}

/** The state of the odd cluster once it is this. */
const odd = (client: LauncherClient, state: string) =>
  until(async () => {
    const { status, clusters } = await client.status()
    const found = clusters.find(({ name }) => name === 'Odd')
    return found?.state === state ? { ...found, launcher: status } : undefined
  })

/** What matters when another plugin misbehaves. */
async function othersWork(t: Test, client: LauncherClient): Promise<void> {
  t.same(
    (await client.list(['a'])).map(({ id }) => id),
    ['one', 'two', 'bobs'],
    'the other Launcher cluster works',
  )
}

for (const [behaviour, problem] of [
  ['dies', /ended with code 3/],
  ['too new', /speaks version 4 of the API, not 3/],
] as const) {
  t.test(`a plugin that ${behaviour} is unavailable, with the reason`, async (t) => {
    const { client, notes } = await twoClusters(t, behaviour)
    const { launcher, ...cluster } = await odd(client, 'Unavailable')
    t.match(cluster, { isDefault: false, problem })
    t.equal(launcher, 'Yellow')
    t.ok(notes().filter((line) => line === 'start').length >= 5, 'it is tried again and again')
    await t.rejects(client.get('Odd:one'), { code: 'LAUNCHER_UNAVAILABLE' })
    await othersWork(t, client)
    const found = await client.find({ cluster: '*' })
    t.same(found.unavailable, ['Odd'], 'a list of all clusters says which is not in it')
    t.equal(found.jobs.length, 3)
  })
}

for (const behaviour of ['oversized', 'wrong answer']) {
  t.test(`a plugin that gives an answer that is ${behaviour} is started again`, async (t) => {
    const { client, notes } = await twoClusters(t, behaviour)
    await odd(client, 'Available')
    await client.get('Odd:one').catch(() => undefined)
    const job = await until(() => client.get('Odd:one').catch(() => undefined))
    t.match(job, { id: 'Odd:one', cluster: 'Odd' })
    t.equal(notes().filter((line) => line === 'start').length, 2)
    await othersWork(t, client)
    t.notOk((await client.status()).clusters[0]?.restarts, 'and only that one')
  })
}

t.test('a plugin that does not read what waits for it is started again', async (t) => {
  const { client, notes } = await twoClusters(t, 'deaf', { requestTimeout: 60_000 })
  await odd(client, 'Available')
  // More than a pipe, and what a reader has read ahead, hold.
  const long = (i: number) => `Odd:${'x'.repeat(10_000)}${i}`
  const asked = Array.from({ length: 60 }, (_, i) => client.get(long(i)))
  const refused = await Promise.allSettled(asked)
  t.same(
    new Set(refused.map((each) => each.status === 'rejected' && each.reason.code)),
    new Set(['LAUNCHER_UNAVAILABLE']),
  )
  await until(() => notes().filter((line) => line === 'start').length > 1)
  await othersWork(t, client)
})

t.test('a job is not told in place of another', async (t) => {
  const { client } = await twoClusters(t, 'wrong job')
  await odd(client, 'Available')
  for (const user of ['ada', '*']) {
    await t.rejects(client.as(user).get('Odd:one'), { code: 'INTERNAL' })
    await t.rejects(firstOf(client.as(user).follow('Odd:one', NEVER)), { code: 'INTERNAL' })
  }
  await othersWork(t, client)
})

t.test('of two jobs with the same id the first is believed', async (t) => {
  const { client } = await twoClusters(t, 'two of one')
  await odd(client, 'Available')
  const { jobs } = await client.find({ cluster: 'Odd' })
  t.same(
    jobs.map(({ id, user }) => [id, user]),
    [
      ['Odd:one', 'ada'],
      ['Odd:two', 'ada'],
      ['Odd:bobs', 'bob'],
    ],
  )
})

t.test('how a job ended is not taken back', async (t) => {
  const { client } = await twoClusters(t, 'takes back')
  await odd(client, 'Available')
  for (let asked = 0; asked < 8; asked++) {
    t.match(await client.get('Odd:two'), { status: 'Finished', exitCode: 3 })
  }
})

t.test('a job keeps its owner, whatever its plugin says later', async (t) => {
  const { client } = await twoClusters(t, 'gives away')
  await odd(client, 'Available')
  for (let asked = 0; asked < 8; asked++) {
    await client.find({ cluster: 'Odd' })
    t.equal(
      await client
        .as('bob')
        .get('Odd:one')
        .catch(() => undefined),
      undefined,
    )
  }
  const { jobs } = await client.as('bob').find({ cluster: 'Odd' })
  t.same(
    jobs.map(({ id }) => id),
    ['Odd:bobs'],
  )
})

t.test('a job that was started for somebody else is not answered', async (t) => {
  const { client } = await twoClusters(t, 'steals')
  await odd(client, 'Available')
  const job = { ...shellJob('exit 0'), user: 'ada', cluster: 'Odd' }
  await t.rejects(client.submit(job, 'k'), { code: 'INTERNAL' })
})

t.test('endless output is told no faster than it is read, and then given up', async (t) => {
  const { client, notes } = await twoClusters(t, 'endless')
  await odd(client, 'Available')
  const output = client.output('Odd:one', NEVER)[Symbol.asyncIterator]()
  t.match(await output.next(), { done: false, value: { type: 'stdout' } })
  await until(() => notes().includes('cancel 6'))
  await othersWork(t, client)
  await t.rejects(
    async () => {
      while (!(await output.next()).done);
    },
    { code: 'LAUNCHER_UNAVAILABLE' },
    'who reads too slowly is told that it is not the end',
  )
  t.ok((await client.tail('Odd:one', 1000)).length > 0, 'a tail is read for a while only')
})

t.test(
  'a request that is too large for a plugin is refused, and nothing else happens',
  async (t) => {
    const { client, notes } = await twoClusters(t, 'nothing', { maxMessageBytes: 70_000 })
    await odd(client, 'Available')
    const large = { ...shellJob('exit 0', { TEXT: 'x'.repeat(80_000) }), cluster: 'Odd' }
    await t.rejects(client.submit(large, 'k'), { code: 'BAD_REQUEST', message: /too large/ })
    t.match(await client.get('Odd:one'), { id: 'Odd:one' })
    t.equal(notes().filter((line) => line === 'start').length, 1)
  },
)
