import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { request as httpRequest } from 'node:http'
import { connect, createServer as createNetServer, type AddressInfo } from 'node:net'
import t from 'tap'
import { ask, raw, session, stage, type Teardown, until, upstream } from './stage.ts'

const answered = (text: string) => text.includes('\r\n\r\n') && text.endsWith('0\r\n\r\n')

/** An IDE that echoes bodies and tells what it got in the header x-seen. */
async function echo(t: Teardown) {
  const ide = await upstream(t)
  const hits: string[] = []
  ide.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    hits.push(`${request.method} ${request.url}`)
    response.setHeader('x-seen', JSON.stringify(request.headers))
    request.pipe(response)
  })
  return { ...ide, hits }
}

function seenBy(headers: IncomingMessage['headers']): Record<string, string> {
  return JSON.parse(String(headers['x-seen'])) as Record<string, string>
}

t.test('an upload that waits for "100 Continue" arrives', async (t) => {
  const ide = await echo(t)
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  const upload = httpRequest({
    port,
    path: '/s/one/up',
    method: 'PUT',
    headers: { expect: '100-continue', 'content-length': 5 },
  })
  upload.flushHeaders()
  await once(upload, 'continue')
  upload.end('hello')
  const [response] = (await once(upload, 'response')) as [IncomingMessage]
  t.equal(response.statusCode, 200)
  t.equal(seenBy(response.headers)['expect'], undefined)
  t.equal(String(await response.toArray()), 'hello')
})

t.test('headers that a client of ours would choke on do no harm', async (t) => {
  const ide = await echo(t)
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  const { status, headers } = await ask(port, '/s/one/', {
    headers: { 'keep-alive': '300', upgrade: 'h2c', te: 'trailers', 'proxy-authorization': 'x' },
  })
  t.equal(status, 200)
  const seen = seenBy(headers)
  for (const name of ['keep-alive', 'upgrade', 'te', 'proxy-authorization']) t.notOk(seen[name])
})

t.test('an upgrade to h2c is answered as a plain request, and refused with a body', async (t) => {
  const ide = await echo(t)
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  const h2c = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n'
  const plain = await raw(port, `GET /s/one/x HTTP/1.1\r\nHost: h\r\n${h2c}\r\n`)
  t.match(plain, /^HTTP\/1.1 200 OK/)
  t.match(plain, /^connection: close/im)
  const body = await raw(
    port,
    `POST /s/one/x HTTP/1.1\r\nHost: h\r\n${h2c}Content-Length: 3\r\n\r\nabc`,
  )
  t.match(body, /^HTTP\/1.1 400 /)
  t.same(ide.hits, ['GET /x'])
})

t.test('headers of the hop stay on their hop, in both directions', async (t) => {
  const ide = await upstream(t)
  let seen: IncomingMessage['headers'] = {}
  ide.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    seen = request.headers
    response.writeHead(200, {
      connection: 'close, x-hop',
      'x-hop': '1',
      'proxy-authenticate': 'Basic',
      'content-length': 2,
    })
    response.end('ok')
  })
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  const text = await raw(
    port,
    'GET /s/one/ HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, X-Mine\r\nX-Mine: 1\r\n\r\n',
    (got) => got.endsWith('ok'),
  )
  t.match(text, /^connection: keep-alive/im)
  t.notMatch(text, /x-hop|proxy-authenticate|connection: close/i)
  t.notOk(seen['x-mine'])
})

t.test('an IDE sees the host of the browser and our word for who asks', async (t) => {
  const ide = await echo(t)
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  const { headers } = await ask(port, '/s/one/', {
    headers: {
      host: 'bench.example',
      forwarded: 'for=6.6.6.6',
      'x-forwarded-for': '6.6.6.6',
      'x-forwarded-host': 'evil',
      'x-real-ip': '6.6.6.6',
      'x-atelier-user': 'root',
      cookie: 'a=1; atelier-9=secret',
    },
  })
  t.match(seenBy(headers), {
    host: 'bench.example',
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-host': 'bench.example',
    'x-forwarded-proto': 'http',
    'x-forwarded-prefix': '/s/one',
    'x-real-ip': '127.0.0.1',
    cookie: 'a=1',
  })
  t.notMatch(String(headers['x-seen']), /6\.6\.6\.6|evil|root|secret/)
})

t.test('an IDE with a token of its own gets that and not the one of the browser', async (t) => {
  const ide = await echo(t)
  const sessions = [session('one', ide.path, { ide: 'jupyterlab' }), session('two', ide.path)]
  const { port } = await stage(t, { sessions })
  const authorization = 'Bearer of-the-browser'
  const own = await ask(port, '/s/one/', { headers: { authorization } })
  t.equal(seenBy(own.headers)['authorization'], 'token secret-of-one')
  const passed = await ask(port, '/s/two/', { headers: { authorization } })
  t.equal(seenBy(passed.headers)['authorization'], authorization)
})

t.test('every method passes, with and without a body', async (t) => {
  const ide = await echo(t)
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  for (const method of [
    'GET',
    'DELETE',
    'OPTIONS',
    'PATCH',
    'PROPFIND',
    'MKCOL',
    'REPORT',
    'QUERY',
  ]) {
    const { status, body } = await ask(port, '/s/one/x', {
      method,
      headers: { 'content-length': '4' },
      body: 'body',
    })
    t.equal(status, 200, method)
    t.equal(String(body), 'body', method)
    t.equal((await ask(port, '/s/one/x', { method })).status, 200, method)
  }
  const head = await ask(port, '/s/one/x', { method: 'HEAD' })
  t.equal(head.status, 200)
  t.ok(head.headers['x-seen'])
  t.equal((await ask(port, '/s/one/x', { method: 'TRACE' })).status, 405)
})

t.test('every status and header of an IDE passes, also without a body', async (t) => {
  const ide = await upstream(t)
  ide.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const status = Number(request.url?.slice(1))
    response.writeHead(status, { etag: '"x"', 'set-cookie': ['a=1; Path=/', 'b=2'] })
    response.end(status === 200 ? 'x' : undefined)
  })
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  for (const status of [200, 204, 206, 301, 304, 401, 404, 418, 500]) {
    const seen = await ask(port, `/s/one/${status}`)
    t.equal(seen.status, status)
    t.same(seen.headers['set-cookie'], ['a=1; Path=/s/one/', 'b=2'])
  }
})

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

t.test('only an answer that succeeds is a use of the session', async (t) => {
  const ide = await upstream(t)
  const open: ServerResponse[] = []
  ide.server.on('request', (_request, response: ServerResponse) => void open.push(response))
  const { port, activity } = await stage(t, { sessions: [session('one', ide.path)] })
  const asked = ask(port, '/s/one/')
  await until('the IDE is asked', () => open.length === 1)
  t.same(activity, [])
  open[0]?.end('ok')
  await asked
  t.same(activity, ['used one'], 'once, although it began and ended')
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

t.test('a client of HTTP/1.0 gets its answer unchunked', async (t) => {
  const ide = await echo(t)
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  const text = await raw(port, 'POST /s/one/x HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi')
  t.match(text, /^HTTP\/1.1 200 OK/)
  t.notMatch(text, /transfer-encoding|keep-alive: /i)
  t.ok(text.endsWith('\r\n\r\nhi'))
})

t.test('a request may be absolute or smuggle: nothing reaches an IDE', async (t) => {
  const ide = await echo(t)
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  const requests = [
    'GET http://127.0.0.1/s/one/ HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n',
    'POST /s/one/ HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    'POST /s/one/ HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST /s/one/ HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
    'GET /s/one/ HTTP/1.1\nHost : h\r\n\r\n',
    'GET /s/one/\0x HTTP/1.1\r\nHost: h\r\n\r\n',
  ]
  for (const request of requests) t.match(await raw(port, request), /^HTTP\/1.1 400 /, request)
  t.same(ide.hits, [])
})

t.test('two requests in one packet get two answers in order', async (t) => {
  const ide = await echo(t)
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  const one = (path: string) => `POST ${path} HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n`
  const text = await raw(
    port,
    `${one('/s/one/a')}aa${one('/s/one/b')}bb`,
    (got) => answered(got) && got.includes('bb'),
  )
  t.same(ide.hits, ['POST /a', 'POST /b'])
  t.ok(text.indexOf('aa\r\n') < text.indexOf('bb\r\n'))
})

t.test('who is not let in reaches no IDE', async (t) => {
  const ide = await echo(t)
  const { port, admitted } = await stage(t, { sessions: [session('one', ide.path)] })
  const eve = { headers: { 'x-test-user': 'eve' } }
  t.equal((await ask(port, '/s/one/', eve)).status, 404)
  t.equal((await ask(port, '/s/none/')).status, 404)
  t.equal(
    (await ask(port, '/s/one/', { ...eve, method: 'POST', body: 'x'.repeat(1e6) })).status,
    404,
  )
  t.equal(admitted.length, 3)
  t.equal(ide.sockets.size, 0)
})

t.test('a session without its slash is redirected within the host', async (t) => {
  const { port } = await stage(t, { sessions: [] })
  for (const [path, location] of [
    ['/s/one', '/s/one/'],
    ['/s/one?x=//evil', '/s/one/?x=//evil'],
  ] as const) {
    const { status, headers } = await ask(port, path)
    t.same([status, headers.location], [308, location])
  }
})

t.test('a page of a session that starts or has ended leads to the page about it', async (t) => {
  const sessions = [
    session('new', '/x', { state: 'Starting', location: null }),
    session('old', '/x', { state: 'Stopped' }),
  ]
  const { port } = await stage(t, { sessions })
  for (const [id, status] of [
    ['new', 503],
    ['old', 410],
  ] as const) {
    const page = await ask(port, `/s/${id}/lab`, { headers: { 'sec-fetch-mode': 'navigate' } })
    t.same([page.status, page.headers.location], [302, `/sessions/${id}`])
    t.equal((await ask(port, `/s/${id}/api`)).status, status)
  }
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
