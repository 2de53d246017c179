import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import { createHttpServer, closeServer, connectPlanes, listen } from '../src/http.ts'

async function served(t: Test): Promise<(request: string) => Promise<string>> {
  const server = createHttpServer()
  const dataPlane = { handle: () => undefined, upgrade: () => undefined }
  connectPlanes(server, (_request, response) => void response.end('hello'), dataPlane)
  const { port } = await listen(server, '127.0.0.1', 0)
  t.teardown(() => closeServer(server, 0))
  return async (request) => {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8')
    let answer = ''
    socket.on('data', (text: string) => (answer += text)).on('error', () => undefined)
    socket.write(request)
    await once(socket, 'close')
    return answer
  }
}

t.test('what is no request of HTTP gets an error in our form', async (t) => {
  const send = await served(t)
  const cases: [what: string, request: string, status: number, code: string][] = [
    ['rubbish', 'rubbish\r\n\r\n', 400, 'BAD_REQUEST'],
    ['another protocol', '\x16\x03\x01\x02\0\x01', 400, 'BAD_REQUEST'],
    ['a bad header', 'GET / HTTP/1.1\r\nHost: x\r\na b: c\r\n\r\n', 400, 'BAD_REQUEST'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
      'BAD_REQUEST',
    ],
    [
      'large headers',
      `GET / HTTP/1.1\r\nHost: x\r\na: ${'x'.repeat(70_000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    [
      'an upgrade that is for no session',
      'GET /api/v1/me HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
      404,
      'NOT_FOUND',
    ],
  ]
  for (const [what, request, status, code] of cases) {
    const [head = '', body = ''] = (await send(request)).split('\r\n\r\n')
    t.match(
      head,
      new RegExp(`^HTTP/1\\.1 ${status} .*Connection: close.*application/json`, 's'),
      what,
    )
    t.equal(JSON.parse(body).error.code, code, what)
    t.equal(Number(/Content-Length: (\d+)/.exec(head)?.[1]), Buffer.byteLength(body), what)
  }
})

t.test('an answer that has begun is not mixed with an error', async (t) => {
  const server = createHttpServer()
  server.on('request', (_request, response) => void response.write('begun'))
  const { port } = await listen(server, '127.0.0.1', 0)
  t.teardown(() => closeServer(server, 0))
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  let answer = ''
  socket.on('data', (text: string) => {
    answer += text
    if (answer.includes('begun')) socket.write('zz\r\n')
  })
  socket.on('error', () => undefined)
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
  await once(socket, 'close')
  t.match(answer, /begun/)
  t.notMatch(answer, /BAD_REQUEST/)
})

t.test('rubbish after a request does not spoil its answer', async (t) => {
  const send = await served(t)
  const answer = await send('GET / HTTP/1.1\r\nHost: x\r\n\r\nrubbish\r\n\r\n')
  t.match(answer, /200 OK.*hello/s)
})

t.test('an upgrade behind a request that is not answered yet harms nobody', async (t) => {
  const server = createHttpServer()
  const upgraded: string[] = []
  const held: ServerResponse[] = []
  const dataPlane = {
    handle: () => undefined,
    upgrade: ({ url = '' }: IncomingMessage) => void upgraded.push(url),
  }
  connectPlanes(server, (_request, response) => void held.push(response), dataPlane)
  const { port } = await listen(server, '127.0.0.1', 0)
  t.teardown(() => closeServer(server, 0))
  for (const upgrade of ['h2c', 'websocket']) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    const first = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
    socket.write(
      `${first}GET /s/q/y HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: ${upgrade}\r\n\r\n`,
    )
    socket.resume()
    await once(socket, 'close')
  }
  t.equal(held.length, 2)
  t.same(upgraded, [])
})
