import { once } from 'node:events'
import { type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, createServer as createNetServer } from 'node:net'
import t from 'tap'
import { ask, echo, session, stage, until, upstream } from './stage.ts'

t.test('an IDE that is overloaded is asked once and not again', async (t) => {
  const ide = await upstream(t)
  let hits = 0
  ide.server.on('request', (_request, response: ServerResponse) => {
    hits += 1
    response.writeHead(503, { 'retry-after': '7' }).end('busy')
  })
  const { port, activity } = await stage(t, { sessions: [session('one', ide.path)] })
  const { status, headers, body } = await ask(port, '/s/one/')
  t.same([status, headers['retry-after'], String(body)], [503, '7', 'busy'])
  t.equal(hits, 1)
  t.same(activity, [], 'a failed request is no use of the session')
})

t.test('an IDE that is away is a 502 without any address, and logged once', async (t) => {
  const { port, logged } = await stage(t, { sessions: [session('one', '/tmp/no-such.sock')] })
  for (let i = 0; i < 3; i++) {
    const { status, body } = await ask(port, '/s/one/')
    t.equal(status, 502)
    t.match(JSON.parse(String(body)), { error: { code: 'IDE_UNREACHABLE' } })
    t.notMatch(String(body), /no-such|ENOENT|\/tmp/)
  }
  t.equal(logged.length, 1)
  t.match(logged[0], ['warn', { code: 'IDE_UNREACHABLE', session: 'one' }])
})

t.test('an IDE that closes or talks nonsense is a 502', async (t) => {
  const answers = [
    '',
    'nonsense\r\n\r\n',
    'HTTP/1.1 999999 x\r\n\r\n',
    'HTTP/1.1 101 x\r\n\r\n',
    'HTTP/1.1 700 x\r\n\r\n',
  ]
  for (const answer of answers) {
    const server = createNetServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.end(answer))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => server.close())
    const { port: at } = server.address() as AddressInfo
    const location = { kind: 'address', host: '127.0.0.1', port: at } as const
    const { port } = await stage(t, { sessions: [session('one', '', { location })] })
    const { status, body } = await ask(port, '/s/one/')
    t.equal(status, 502, answer)
    t.notMatch(String(body), /127\.0\.0\.1/)
  }
})

t.test('an answer that breaks off breaks off for the browser too', async (t) => {
  const ide = await upstream(t)
  ide.server.on('request', (_request, response: ServerResponse) => {
    response.writeHead(200, { 'content-length': 100 })
    response.write('x', () => response.destroy())
  })
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  await t.rejects(ask(port, '/s/one/'), { code: 'ECONNRESET' })
})

t.test('a browser that leaves before the answer begins takes its request back', async (t) => {
  const ide = await upstream(t)
  let arrived = 0
  let left = 0
  ide.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    arrived += 1
    request.resume()
    response.on('close', () => (left += 1))
  })
  const { port, logged } = await stage(t, { sessions: [session('one', ide.path)] })
  for (const body of ['', 'x'.repeat(100_000)]) {
    const browser = connect(port, '127.0.0.1')
    browser.write(
      `POST /s/one/ HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    const before = arrived
    await until('the IDE is asked', () => arrived === before + 1)
    browser.destroy()
    await until('the IDE is left', () => left === arrived)
  }
  t.same(logged, [])
})

t.test('events pass at once, and the IDE is let go when the browser leaves', async (t) => {
  const ide = await upstream(t)
  let left = false
  ide.server.on('request', (_request, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: 1\n\n')
    response.on('close', () => (left = true))
  })
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  const browser = httpRequest({ port, path: '/s/one/events' })
  browser.end()
  const [response] = (await once(browser, 'response')) as [IncomingMessage]
  t.equal(String((await once(response, 'data'))[0]), 'data: 1\n\n')
  response.destroy()
  await until('the IDE is left', () => left)
})

t.test('a session that moves or ends takes its connections along', async (t) => {
  const first = await echo(t)
  const second = await echo(t)
  const { plane, port, sessions } = await stage(t, { sessions: [session('one', first.path)] })
  await ask(port, '/s/one/a')
  sessions.set('one', session('one', second.path, { epoch: 2 }))
  await ask(port, '/s/one/b')
  t.same([first.hits, second.hits], [['GET /a'], ['GET /b']])
  await until('the former place is left', () => first.sockets.size === 0)
  plane.closeSession('one')
  await until('the latter place is left', () => second.sockets.size === 0)
})
