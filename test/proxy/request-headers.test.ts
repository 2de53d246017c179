import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import t from 'tap'
import { newBearerToken } from '../../src/auth/bearer.ts'
import { ask, echo, raw, seenBy, session, stage, upstream } from './stage.ts'

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
      'x-remote-user': 'root',
      cookie: 'a=1; atelier-9=secret; __Host-atelier-9=secret',
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

t.test('a token of our API reaches no IDE, by requests and upgrades alike', async (t) => {
  const ide = await upstream(t)
  const seen: IncomingMessage['headers'][] = []
  ide.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    seen.push(request.headers)
    response.end('ok')
  })
  ide.server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    seen.push(request.headers)
    socket.end(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    )
  })
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  const token = newBearerToken()
  await ask(port, '/s/one/', { headers: { authorization: `Bearer ${token}`, 'x-other': '1' } })
  const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Origin: http://h', 'X-Other: 1']
  const head = ['GET /s/one/ HTTP/1.1', 'Host: h', ...upgrade, `Authorization: bearer ${token}`]
  t.match(await raw(port, `${head.join('\r\n')}\r\n\r\n`), /^HTTP\/1\.1 101/)
  t.equal(seen.length, 2)
  for (const headers of seen) t.match(headers, { 'x-other': '1', authorization: undefined })
  t.notMatch(JSON.stringify(seen), token)
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
