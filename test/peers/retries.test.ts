import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request as httpRequest } from 'node:http'
import { type AddressInfo, connect, createServer as createNetServer } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import t from 'tap'
import { WebSocket } from 'ws'
import { ask, echo, session, type Teardown, until, upstream } from '../proxy/stage.ts'
import { browse, webSocketIde } from '../proxy/web-sockets.ts'
import { hopFrom, TestNodes } from './nodes.ts'

const SMALL = 'x'.repeat(64 * 1024)

/** A port of the loopback at which nobody listens. */
async function freePort(): Promise<number> {
  const server = createNetServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Something at a peer's address that counts its connections and does with each as `onSocket` says. */
async function strange(t: Teardown, bytes: string) {
  let connections = 0
  const server = createNetServer((socket) => {
    connections += 1
    socket.on('error', () => {})
    socket.once('data', () => socket.end(bytes))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return { port: (server.address() as AddressInfo).port, count: () => connections }
}

t.test('a session that has moved is looked for once more, with its body', async (t) => {
  const ide = await echo(t)
  const nodes = new TestNodes(t)
  const onC = session('one', ide.path, { node: 'c' })
  const a = await nodes.start('a', [{ ...onC, node: 'b' }])
  await nodes.start('b', [onC])
  await nodes.start('c', [onC])
  const chunked = { 'transfer-encoding': 'chunked' }
  for (const [method, body, headers] of [
    ['GET', undefined, {}],
    ['POST', SMALL, {}],
    ['POST', '', {}],
  ] as const) {
    a.sessions.set('one', { ...onC, node: 'b' })
    nodes.onRefresh = () => a.sessions.set('one', onC)
    const answer = await ask(a.port, '/s/one/x', { method, headers, ...(body ? { body } : {}) })
    t.match(answer, { status: 200, body: Buffer.from(body ?? '') }, method)
  }
  t.same(nodes.refreshed, ['a: one', 'a: one', 'a: one'])
  t.same(ide.hits, ['GET /x', 'POST /x', 'POST /x'])
  for (const [headers, body] of [
    [chunked, 'short'],
    [{}, `${SMALL}x`],
  ] as const) {
    a.sessions.set('one', { ...onC, node: 'b' })
    const answer = await ask(a.port, '/s/one/x', { method: 'POST', headers, body })
    t.equal(answer.status, 421, 'what cannot be sent again is told')
    t.notMatch(Object.keys(answer.headers).join(), /x-atelier/)
  }
  t.equal(ide.hits.length, 3)
})

t.test('a session that has moved here is answered here', async (t) => {
  const ide = await echo(t)
  const nodes = new TestNodes(t)
  const here = session('one', ide.path, { node: 'a' })
  const a = await nodes.start('a', [{ ...here, node: 'b' }])
  await nodes.start('b', [here])
  nodes.onRefresh = () => a.sessions.set('one', here)
  const answer = await ask(a.port, '/s/one/x', { method: 'POST', body: 'hello' })
  t.match(answer, { status: 200, body: Buffer.from('hello') })
  t.same(ide.hits, ['POST /x'])
  t.same(a.activity, ['used one'], 'and is use here')
})

t.test('two nodes that send each other do not send a request round', async (t) => {
  const nodes = new TestNodes(t)
  const a = await nodes.start('a', [session('one', '/x', { node: 'b' })])
  const b = await nodes.start('b', [session('one', '/x', { node: 'a' })])
  const answer = await ask(a.port, '/s/one/')
  t.match(answer, { status: 421 })
  t.match(JSON.parse(String(answer.body)), { error: { code: 'SESSION_MOVED' } })
  t.equal(b.admitted.length, 2, 'once, and once more after the session was read anew')
  t.equal(a.admitted.length, 2)
  t.same(nodes.refreshed, ['a: one'])
  const socket = browse(a.port, '/s/one/ws')
  const [, refused] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage]
  t.equal(refused.statusCode, 421)
  t.equal(b.admitted.length, 4)
})

t.test('only a node is told that a session has moved', async (t) => {
  const nodes = new TestNodes(t)
  const b = await nodes.start('b', [session('one', '/x', { node: 'c' })])
  const headers = hopFrom('a', { url: '/s/one/' }, { session: 'one', to: 'b' })
  t.match(await ask(b.port, '/s/one/', { headers }), {
    status: 421,
    headers: { 'x-atelier-moved': '1' },
  })
})

t.test('a node that restarts is waited for', async (t) => {
  const ide = await webSocketIde(t)
  ide.server.on('request', (request: IncomingMessage, response) => void request.pipe(response))
  const nodes = new TestNodes(t)
  const one = session('one', ide.path, { node: 'b' })
  const a = await nodes.start('a', [one])
  const port = await freePort()
  nodes.knows('b', port)
  const large = randomBytes(3 * 1024 * 1024)
  const asked = [
    ask(a.port, '/s/one/x'),
    ask(a.port, '/s/one/x', { method: 'POST', body: SMALL }),
    ask(a.port, '/s/one/x', { method: 'POST', body: large }),
  ]
  const socket = browse(a.port, '/s/one/ws')
  const opened = once(socket, 'open')
  // Each try enters anew.
  await until('all have been tried again', () => a.admitted.length > 12)
  await nodes.start('b', [one], { port })
  await opened
  const answers = await Promise.all(asked)
  t.same(
    answers.map(({ status, body }) => [status, body.length]),
    [
      [200, 0],
      [200, SMALL.length],
      [200, large.length],
    ],
  )
  t.ok(answers[2]?.body.equals(large))
  socket.terminate()
})

t.test('a node that says that it stops is waited for', async (t) => {
  const ide = await webSocketIde(t)
  ide.server.on('request', (_request, response) => void response.end('hello'))
  const nodes = new TestNodes(t)
  const one = session('one', ide.path, { node: 'b' })
  const a = await nodes.start('a', [one])
  const b = await nodes.start('b', [one])
  await b.plane.stop(0)
  const asked = ask(a.port, '/s/one/x', { method: 'POST', body: SMALL })
  const socket = browse(a.port, '/s/one/ws')
  const opened = once(socket, 'open')
  await until('both have been tried again', () => a.admitted.length > 6)
  const next = await nodes.start('b', [one])
  t.match(await asked, { status: 200, body: Buffer.from('hello') })
  await opened
  t.not(next.port, b.port, 'wherever it answers by then')
  socket.terminate()
})

t.test('a node that stops tells nodes so, and nobody who only claims to be one', async (t) => {
  const nodes = new TestNodes(t)
  const b = await nodes.start('b', [session('one', '/x', { node: 'b' })])
  await b.plane.stop(0)
  const hop = hopFrom('a', { url: '/s/one/' }, { session: 'one', to: 'b' })
  for (const [headers, mark] of [
    [hop, '1'],
    [{}, undefined],
    [{ 'x-atelier-hop': 'nonsense' }, undefined],
  ] as const) {
    const answer = await ask(b.port, '/s/one/', { headers })
    t.equal(answer.status, 503)
    t.equal(answer.headers['x-atelier-stopping'], mark)
  }
})

t.test('a body that cannot be sent again is told that the node stops', async (t) => {
  const nodes = new TestNodes(t)
  const one = session('one', '/x', { node: 'b' })
  const a = await nodes.start('a', [one])
  const b = await nodes.start('b', [one])
  await b.plane.stop(0)
  const answer = await ask(a.port, '/s/one/x', { method: 'POST', body: `${SMALL}x` })
  t.match(answer, { status: 503, headers: { 'retry-after': '1' } })
  t.match(JSON.parse(String(answer.body)), { error: { code: 'NODE_STOPPING' } })
})

t.test('a node that stays away is told by its name, after a while', async (t) => {
  const nodes = new TestNodes(t)
  const one = session('one', '/x', { node: 'b' })
  const a = await nodes.start('a', [one], { waitTimes: { pauseMs: 5, longestMs: 100 } })
  const port = await freePort()
  nodes.knows('b', port)
  for (let times = 0; times < 2; times++) {
    const answer = await ask(a.port, '/s/one/', { headers: { accept: 'text/html' } })
    t.match(answer, { status: 503, headers: { 'retry-after': '1' } })
    const page = String(answer.body)
    t.match(page, /The server b, which runs this session, does not answer\./)
    t.match(page, '<meta http-equiv="refresh" content="5">')
    t.notMatch(page, new RegExp(`127\\.0\\.0\\.1|${port}`), 'no address')
  }
  const socket = browse(a.port, '/s/one/ws')
  const [, refused] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage]
  t.equal(refused.statusCode, 503)
  t.ok(a.admitted.length > 6, 'it was tried again')
  t.match(a.logged, [['warn', { node: 'b', code: 'NODE_UNREACHABLE' }]], 'and is logged once')
})

t.test('a node that has failed is not waited for', async (t) => {
  const nodes = new TestNodes(t)
  const one = session('one', '/x', { node: 'b' })
  const a = await nodes.start('a', [one])
  const since = new Date('2026-11-24T12:04:00Z')
  nodes.knows('b', await freePort(), { failed: true, since })
  const answer = await ask(a.port, '/s/one/')
  t.match(JSON.parse(String(answer.body)), {
    error: { code: 'NODE_UNREACHABLE', message: /server b.* since 2026-11-24 12:04 UTC/ },
  })
  t.equal(a.admitted.length, 1)
  nodes.knows('b', await freePort())
  const waiting = ask(a.port, '/s/one/')
  await until('it has been tried again', () => a.admitted.length > 4)
  nodes.knows('b', await freePort(), { failed: true })
  t.equal((await waiting).status, 503, 'nor any longer than until it has')
})

t.test('what may have reached the IDE is not sent again', async (t) => {
  const nodes = new TestNodes(t)
  const one = session('one', '/x', { node: 'b' })
  const a = await nodes.start('a', [one])
  for (const bytes of ['', 'HTTP/1.1 200 OK\r\nbad', 'rubbish\r\n\r\n']) {
    const b = await strange(t, bytes)
    nodes.knows('b', b.port)
    for (const method of ['GET', 'POST']) {
      const before = b.count()
      const options = method === 'POST' ? { method, body: 'hello' } : {}
      t.equal((await ask(a.port, '/s/one/x', options)).status, 503)
      t.equal(b.count(), before + 1)
    }
    const socket = browse(a.port, '/s/one/ws')
    await once(socket, 'unexpected-response')
    t.equal(b.count(), 3)
  }
})

t.test('a browser that leaves is not waited for', async (t) => {
  const nodes = new TestNodes(t)
  const one = session('one', '/x', { node: 'b' })
  const a = await nodes.start('a', [one])
  nodes.knows('b', await freePort())
  const browser = httpRequest({ port: a.port, path: '/s/one/', agent: false }).end()
  browser.on('error', () => {})
  const socket = connect(a.port, '127.0.0.1')
  socket.write(
    'GET /s/one/ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  )
  await until('both have been tried again', () => a.admitted.length > 6)
  browser.destroy()
  socket.destroy()
  let open = -1
  await until('nobody is connected', () => {
    a.server.getConnections((_error, count) => (open = count))
    return open === 0
  })
  let before = -1
  await until('nobody is let in any more', () => {
    const settled = before === a.admitted.length
    before = a.admitted.length
    return settled
  })
})

t.test('bodies of any size pass two nodes without taking memory', async (t) => {
  const MIB = 1024 * 1024
  const LARGE = 150 * MIB
  const chunk = randomBytes(MIB)
  const source = () => Readable.from(repeat(chunk, LARGE / MIB), { objectMode: false })
  const server = createServer()
  const { path } = await upstream(t, server)
  server.on('request', (request: IncomingMessage, response) => {
    if (request.method === 'GET') return void source().pipe(response)
    let bytes = 0
    request.on('data', (part: Buffer) => (bytes += part.length))
    request.on('end', () => response.end(String(bytes)))
  })
  const nodes = new TestNodes(t)
  const one = session('one', path, { node: 'b' })
  const a = await nodes.start('a', [one])
  await nodes.start('b', [one])
  const before = process.memoryUsage().rss
  let most = before
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20)
  t.teardown(() => clearInterval(timer))
  const down = httpRequest({ port: a.port, path: '/s/one/big' }).end()
  const [download] = (await once(down, 'response')) as [IncomingMessage]
  let bytes = 0
  for await (const part of download) bytes += (part as Buffer).length
  t.equal(bytes, LARGE)
  const up = httpRequest({ port: a.port, path: '/s/one/big', method: 'POST' })
  const answered = once(up, 'response') as Promise<[IncomingMessage]>
  await pipeline(source(), up)
  t.equal(String(await readAll((await answered)[0])), String(LARGE))
  t.ok(most - before < 120 * MIB, `${(most - before) / MIB} MiB more`)
})

function* repeat(chunk: Buffer, times: number): Generator<Buffer> {
  for (let time = 0; time < times; time++) yield chunk
}

async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

t.test(
  'a browser waits with its WebSocket until the node is back, and loses nothing',
  async (t) => {
    const ide = await webSocketIde(t)
    const got: string[] = []
    ide.webSockets.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => void got.push(data.toString()))
    })
    const nodes = new TestNodes(t)
    const one = session('one', ide.path, { node: 'b' })
    const a = await nodes.start('a', [one])
    const port = await freePort()
    nodes.knows('b', port)
    const socket = browse(a.port, '/s/one/ws')
    socket.on('open', () => socket.send('hello'))
    await until('it has been tried again', () => a.admitted.length > 3)
    await nodes.start('b', [one], { port })
    await until('the IDE has it', () => got[0] === 'hello')
    t.equal(socket.readyState, WebSocket.OPEN)
    socket.terminate()
  },
)
