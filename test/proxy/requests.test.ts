import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type ServerResponse,
} from 'node:http'
import t from 'tap'
import { ask, echo, raw, seenBy, session, stage, until, upstream } from './stage.ts'

const answered = (text: string) => text.includes('\r\n\r\n') && text.endsWith('0\r\n\r\n')

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

t.test('an answer without a body may tell the length of what it leaves out', async (t) => {
  const ide = await upstream(
    t,
    createServer((request, response) => {
      response.writeHead(request.url === '/x' ? 304 : 204, { etag: '"a"', 'content-length': '77' })
      response.flushHeaders()
      response.end()
    }),
  )
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  for (const [path, status] of [
    ['/s/one/x', 304],
    ['/s/one/y', 204],
    ['/s/one/x', 304],
  ] as const) {
    const answer = await ask(port, path)
    t.match(answer, { status, headers: { etag: '"a"' } })
    t.equal(answer.body.length, 0)
  }
})

t.test('a stream is open before its first chunk', async (t) => {
  const ide = await upstream(t)
  const answers: ServerResponse[] = []
  ide.server.on('request', (_request, response: ServerResponse) => {
    answers.push(response)
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
  })
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  const request = httpRequest({ port, path: '/s/one/events', agent: false })
  request.end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  answers[0]?.end('data: 1\n\n')
  t.equal(String(await response.toArray()), 'data: 1\n\n')
})
