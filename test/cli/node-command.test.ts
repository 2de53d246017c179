import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { formatAgo } from '../../src/cli/ago.ts'
import { run, runWith } from './fixtures/run.ts'

const now = Date.now()
const at = (ms: number) => new Date(ms).toISOString()
const node = {
  name: 'node-1',
  state: 'alive',
  draining: false,
  version: '0.1.0',
  url: 'http://127.0.0.1:8788',
  self: true,
  sessions: 2,
  load: 0.256,
  joinedAt: '2026-11-01T00:00:00.000Z',
  startedAt: '2026-11-02T00:00:00.123Z',
  seenAt: at(now - 300_000),
  leftAt: null,
  lostAt: null,
  roundTripMs: 1.5,
  databaseMs: 2,
  listening: true,
}
const failed = {
  ...node,
  name: 'node-2',
  state: 'lost',
  draining: true,
  self: false,
  load: null,
  lostAt: '2026-11-03T00:00:00.123Z',
}

t.test('nodes are listed as a table, and as the API tells them', async (t) => {
  const { environment } = await fakeApi(t, () => [200, { items: [node, failed] }])
  const { code, stdout } = await runWith(environment, 'node', 'list')
  t.equal(code, 0)
  const [headings, first, second] = stdout.split('\n')
  t.match(headings, /^NAME +STATE +VERSION +SESSIONS +LOAD +SEEN +SINCE$/)
  t.match(first, /^node-1 {2}alive +0\.1\.0 {4}2 +0\.26 {2}5m ago {2}2026-11-02T00:00:00Z$/)
  t.match(second, /^node-2 {2}lost, draining {2}0\.1\.0 {4}2 {9,}5m ago {2}2026-11-03T00:00:00Z$/)
  const asJson = await runWith(environment, 'node', 'list', '--json')
  t.strictSame(JSON.parse(asJson.stdout), { items: [node, failed] })
})

t.test('a node is drained, undrained and removed by its name', async (t) => {
  const { environment, asked } = await fakeApi(t, (line) =>
    line.startsWith('DELETE') ? [204, null] : [200, { ...node, draining: line.endsWith('/drain') }],
  )
  t.match(await runWith(environment, 'node', 'drain', 'node-1'), {
    code: 0,
    stdout: 'node-1  alive, draining  2 sessions\n',
    stderr: '',
  })
  t.match(await runWith(environment, 'node', 'undrain', 'node-1'), {
    stdout: 'node-1  alive  2 sessions\n',
  })
  t.match(await runWith(environment, 'node', 'remove', 'a/b'), { stdout: 'a/b  removed\n' })
  const asJson = await runWith(environment, 'node', 'remove', 'a/b', '--json')
  t.strictSame(JSON.parse(asJson.stdout), { name: 'a/b', removed: true })
  t.strictSame(asked.slice(0, 3), [
    'POST /api/v1/nodes/node-1/drain',
    'POST /api/v1/nodes/node-1/undrain',
    'DELETE /api/v1/nodes/a%2Fb',
  ])
})

t.test('draining waits until no session is left, and says how many are', async (t) => {
  const left = [2, 2, 'restarts', 1, 0] as const
  const api = () => {
    let step = 0
    return fakeApi(t, (line) => {
      if (line.startsWith('POST')) return [200, { ...node, draining: true, sessions: 2 }]
      const sessions = left[step++] ?? 0
      if (sessions === 'restarts') return [503, failure('NODE_STOPPING', 'It restarts.')]
      return [200, { items: [failed, { ...node, draining: true, sessions }] }]
    })
  }
  const drain = ['node', 'drain', 'node-1', '--wait']
  t.match(await runWith((await api()).environment, ...drain), {
    code: 0,
    stdout: 'node-1  alive, draining  0 sessions\n',
    stderr: 'node-1 still holds 2 sessions.\nnode-1 still holds 1 session.\n',
  })
  const asJson = await runWith((await api()).environment, ...drain, '--json')
  t.equal(asJson.stderr, '')
  t.match(JSON.parse(asJson.stdout), { name: 'node-1', sessions: 0 })
})

t.test('draining does not wait for ever', async (t) => {
  const cases: [answer: Answer, code: string][] = [
    [[200, { items: [node] }], 'NODE_UNDRAINED'],
    [[200, { items: [failed] }], 'NODE_NOT_FOUND'],
    [[401, failure('TOKEN_INVALID', 'It was revoked.')], 'TOKEN_INVALID'],
  ]
  for (const [answer, expected] of cases) {
    const { environment } = await fakeApi(t, (line) =>
      line.startsWith('POST') ? [200, { ...node, draining: true }] : answer,
    )
    const drain = ['node', 'drain', 'node-1', '--wait', '--json']
    const { code, stderr } = await runWith(environment, ...drain)
    t.equal(code, 1)
    t.match(JSON.parse(stderr), { error: { code: expected } })
  }
})

t.test("the API's errors are passed on", async (t) => {
  const { environment } = await fakeApi(t, () => [409, failure('NODE_ONLINE', 'It is online.')])
  t.match(await runWith(environment, 'node', 'remove', 'node-1'), {
    code: 1,
    stdout: '',
    stderr: 'atelier: It is online.\n',
  })
  const asJson = await runWith(environment, 'node', 'remove', 'node-1', '--json')
  t.strictSame(JSON.parse(asJson.stderr), failure('NODE_ONLINE', 'It is online.'))
})

t.test('options before the name of the command count as those after it do', async (t) => {
  const none = ['--set', 'data.directory="/nowhere/a"']
  const places: readonly string[][] = [
    ['node', ...none, 'list'],
    ['node', 'list', ...none],
    ['node', '--set', 'data.directory="/nowhere/b"', 'list', ...none],
  ]
  for (const args of places) {
    t.match(await run(...args), { code: 1, stderr: /No Atelier has run on \/nowhere\/a,/ })
  }
  t.match(await run('node', 'lst'), { code: 2, stderr: /See: atelier node --help/ })
})

t.test('how long ago', (t) => {
  const cases: [ms: number, text: string][] = [
    [-5000, '0s'],
    [0, '0s'],
    [1999, '1s'],
    [119_999, '119s'],
    [120_000, '2m'],
    [3_600_000, '1h'],
    [200 * 3_600_000, '8d'],
  ]
  for (const [ms, text] of cases) t.equal(formatAgo(ms), text)
  t.end()
})

type Answer = readonly [status: number, body: object | null]

function failure(code: string, message: string) {
  return { error: { code, message } }
}

/** An API that answers each request as `answer` says, and the environment that names it. */
async function fakeApi(t: Test, answer: (line: string) => Answer) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const line = `${request.method} ${request.url}`
    asked.push(line)
    const [status, body] = answer(line)
    response.writeHead(status).end(body === null ? '' : JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  const environment = { ATELIER_ADDRESS: `http://127.0.0.1:${port}`, ATELIER_TOKEN: 'atl_x' }
  return { environment, asked }
}
