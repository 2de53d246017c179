import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { runWith } from './fixtures/run.ts'

const TOKEN = `atl_session.abc.1.${'x'.repeat(43)}`
const job = {
  id: 'j1',
  user: 'ada',
  name: 'model.R',
  kind: 'r',
  script: '/d/model.R',
  command: null,
  args: ['a b'],
  environmentNames: ['KEY'],
  workingDirectory: null,
  python: null,
  r: null,
  cluster: null,
  profile: null,
  node: 'node-1',
  host: null,
  session: 'abc',
  schedule: null,
  state: 'Pending',
  reason: null,
  exitCode: null as number | null,
  createdAt: '2026-11-01T00:00:00.123Z',
  startedAt: null,
  endedAt: null,
  cpuSeconds: null,
  peakMemoryBytes: null,
  outputBytes: null,
}
const failed = { ...job, state: 'Finished', exitCode: 7 }

interface Asked {
  readonly line: string
  readonly body: Record<string, unknown> | undefined
  readonly key: unknown
}

type Answer = (asked: Asked, response: ServerResponse) => unknown

/** An API that answers as it is told, and what it was asked. */
async function fakeApi(t: Test, answer: Answer) {
  const requests: Asked[] = []
  const server = createServer((request, response) => void handle(request, response))
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    let text = ''
    for await (const part of request) text += String(part)
    const body = text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>)
    const line = `${request.method} ${request.url}`
    const asked = { line, body, key: request.headers['idempotency-key'] }
    requests.push(asked)
    const json = answer(asked, response)
    if (json !== undefined) response.end(JSON.stringify(json))
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  const environment = { ATELIER_ADDRESS: `http://127.0.0.1:${port}`, ATELIER_TOKEN: TOKEN }
  const run = (...args: readonly string[]) =>
    runWith({ ...environment, SECRET: 'hush' }, 'job', ...args)
  return { requests, run }
}

const event = (name: string, data: object) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
const output = (from: number, type: string, text: string) =>
  event('output', { from, to: from + Buffer.byteLength(text), pieces: [{ type, text }] })

t.test('a file is submitted by its absolute path, with what it is given', async (t) => {
  const api = await fakeApi(t, () => job)
  const submitted = await api.run(
    ...'submit model.R --name n --env A=1=2 --env SECRET --workdir w --profile large'.split(' '),
    ...'--webhook https://x/y one -- --seed -f'.split(' '),
  )
  t.strictSame(submitted, { code: 0, stdout: 'j1  Pending\n', stderr: '' })
  t.match(api.requests[0], { line: 'POST /api/v1/jobs', key: /./ })
  t.strictSame(api.requests[0]?.body, {
    name: 'n',
    profile: 'large',
    webhook: 'https://x/y',
    script: join(process.cwd(), 'model.R'),
    workingDirectory: join(process.cwd(), 'w'),
    args: ['one', '--seed', '-f'],
    environment: { A: '1=2', SECRET: 'hush' },
  })
  await api.run('submit', '/a/../b.py')
  t.strictSame(api.requests[1]?.body, { script: '/b.py', args: [], environment: {} })
  await api.run('submit', '--command', 'nightly', 'x', 'y')
  t.strictSame(api.requests[2]?.body, { command: 'nightly', args: ['x', 'y'], environment: {} })
  t.strictSame(JSON.parse((await api.run('submit', 'a.R', '--json')).stdout), job)
})

t.test('what cannot be submitted is told before anybody is asked', async (t) => {
  const api = await fakeApi(t, () => job)
  t.match(await api.run('submit'), { code: 1, stderr: /a file, or --command NAME/ })
  const unset = await api.run('submit', 'a.R', '--env', 'NO_SUCH')
  t.match(unset, { code: 1, stderr: /--env NO_SUCH: there is no such variable/ })
  t.match(await api.run('submit', 'a.R', '--seed', '7'), { code: 2, stderr: /unknown option/ })
  t.match(await api.run('submit', 'a.R', '--kind', 'perl'), { code: 2, stderr: /r, python, shell/ })
  t.match(await api.run('logs', 'j1', '--tail', '0'), { code: 2, stderr: /from 1 on/ })
  t.strictSame(api.requests, [])
})

t.test('jobs are listed page by page, shown, stopped and run again', async (t) => {
  const page = (next: string | null) => ({ items: [job], next })
  const api = await fakeApi(t, ({ line }) => {
    if (line.startsWith('GET /api/v1/jobs?')) return page(line.includes('cursor') ? null : 'more')
    return { ...failed, startedAt: '2026-11-01T00:00:01Z', endedAt: '2026-11-01T00:00:31Z' }
  })
  const listed = await api.run('list', '--state', 'Pending', 'Running', '--all-users')
  t.match(listed.stdout, /^ID .*USER .*REASON\nj1 {2}ada .*Pending.*\nj1 /)
  t.match(api.requests[0]?.line, /state=Pending%2CRunning/)
  t.match(api.requests[0]?.line, /user=\*/)
  t.equal(api.requests.length, 2)
  await api.run('list', '--limit', '1')
  t.equal(api.requests.length, 3, 'no more than are wanted')
  const shown = await api.run('show', 'j/1')
  t.match(shown.stdout, /^Id +j1\n[^]*State +Finished, exit code 7\n[^]*Arguments +\["a b"\]\n/)
  t.equal(api.requests.at(-1)?.line, 'GET /api/v1/jobs/j%2F1')
  t.match(await api.run('stop', 'j1', '--force'), { code: 0, stdout: 'j1  Finished\n' })
  t.match(api.requests.at(-1), { line: 'POST /api/v1/jobs/j1/stop', body: { force: true } })
  t.match(await api.run('run-again', 'j1'), { code: 0 })
  t.match(api.requests.at(-1), { line: 'POST /api/v1/jobs/j1/run-again', key: /./ })
})

t.test('what a job prints comes where it belongs, and its exit code is ours', async (t) => {
  const api = await fakeApi(t, ({ line }, response) => {
    if (line === 'POST /api/v1/jobs') return job
    if (!line.includes('/output/events')) return failed
    response.write(`:\n\n${event('size', { lines: 1, bytes: 3, complete: false })}`)
    response.write(output(0, 'stdout', 'out\n'))
    response.end(output(4, 'stderr', 'err\n') + event('end', {}))
    return undefined
  })
  const followed = await api.run('logs', '-f', 'j1')
  t.strictSame(followed, { code: 7, stdout: 'out\n', stderr: 'err\n' })
  const now = await api.run('logs', 'j1')
  t.strictSame(now, { code: 0, stdout: 'out\n', stderr: '' }, 'what there was when it asked')
  const submitted = await api.run('submit', 'a.R', '--follow')
  t.match(submitted, { code: 7, stdout: 'out\n', stderr: /Job j1 is submitted\.\nerr\n$/ })
})

t.test('a connection that breaks is made again where it was', async (t) => {
  let broken = 0
  const api = await fakeApi(t, ({ line }, response) => {
    if (!line.includes('/output/events')) return failed
    const from = Number(/from=(\d+)/.exec(line)?.[1])
    broken++
    if (broken === 1) {
      // The second event comes in half.
      response.write(output(0, 'stdout', 'ä1') + output(3, 'stdout', '2').slice(0, 20), () =>
        response.destroy(),
      )
    } else if (broken === 2) {
      response.writeHead(502).end('no node')
    } else if (broken === 3) {
      response.destroy()
    } else {
      response.end(output(from, 'stdout', '2\n') + event('end', {}))
    }
    return undefined
  })
  t.strictSame(await api.run('logs', '-f', 'j1'), { code: 7, stdout: 'ä12\n', stderr: '' })
  const asked = api.requests.filter(({ line }) => line.includes('events'))
  t.match(asked[1]?.line, /from=3$/)
  t.equal(asked.length, 4)
})

t.test('only the last lines, or those from one on, begin at a byte', async (t) => {
  const api = await fakeApi(t, ({ line }, response) => {
    if (line.includes('/lines')) return { total: 50, at: 1234 }
    if (!line.includes('/output/events')) return job
    response.end(event('size', { lines: 50, bytes: 0, complete: true }))
    return undefined
  })
  await api.run('logs', 'j1', '--tail', '10')
  t.match(api.requests[2]?.line, /lines\?from=40&count=1$/)
  t.match(api.requests[3]?.line, /from=1234$/)
  await api.run('logs', 'j1', '--since-line', '3')
  t.match(api.requests[5]?.line, /lines\?from=2&/)
})

t.test('a job that did not end by itself is told, and is no success', async (t) => {
  const api = await fakeApi(t, ({ line }, response) => {
    if (!line.includes('/output/events')) return { ...job, state: 'Killed', reason: 'You did.' }
    response.end(event('end', {}))
    return undefined
  })
  const killed = { code: 1, stderr: 'atelier: Job j1 is Killed. You did.\n' }
  t.match(await api.run('logs', '-f', 'j1'), killed)
})

t.test('an error of the API is told as it is', async (t) => {
  const api = await fakeApi(t, (_asked, response) => {
    response.statusCode = 404
    return { error: { code: 'JOB_NOT_FOUND', message: 'There is no such job.' } }
  })
  t.match(await api.run('logs', '-f', 'x'), { code: 1, stderr: 'atelier: There is no such job.\n' })
  const asJson = await api.run('show', 'x', '--json')
  t.match(JSON.parse(asJson.stderr), { error: { code: 'JOB_NOT_FOUND' } })
})
