import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { closeServer, connectPlanes, createHttpServer, listen } from '../src/http.ts'
import { until } from './proxy/stage.ts'

const REQUEST = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'

/** A server, and connections to it, each with what came back so far. */
async function served(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createHttpServer()
  const dataPlane = { handle: () => undefined, upgrade: () => undefined }
  connectPlanes(server, answer, dataPlane)
  const { port } = await listen(server, '127.0.0.1', 0)
  const open = async (t: Test) => {
    const socket = connect(port, '127.0.0.1').setEncoding('latin1')
    const got = { text: '', closed: false, failed: false }
    socket.on('data', (text: string) => (got.text += text))
    socket.on('error', () => (got.failed = true))
    socket.on('close', () => (got.closed = true))
    t.teardown(() => socket.destroy())
    await once(socket, 'connect')
    return { socket, got }
  }
  return { server, open }
}

function answers(text: string): number {
  return text.split('HTTP/1.1 200 OK').length - 1
}

t.test('a server that closes answers what still comes on open connections', async (t) => {
  const { server, open } = await served((_request, response) => void response.end('hello'))
  const { socket, got } = await open(t)
  socket.write(REQUEST)
  await until('it is answered', () => answers(got.text) === 1)
  t.match(got.text, /Connection: keep-alive/)
  const closed = closeServer(server, 60_000)
  socket.write(REQUEST)
  await until('it is answered again', () => answers(got.text) === 2)
  t.match(got.text.slice(-200), /Connection: close/)
  await closed
  await until('the connection is closed', () => got.closed)
})

t.test('what is under way when it closes is the last answer of its connection', async (t) => {
  const held: ServerResponse[] = []
  const { server, open } = await served((_request, response) => void held.push(response))
  const { socket, got } = await open(t)
  socket.write(REQUEST)
  await until('it has arrived', () => held.length === 1)
  const closed = closeServer(server, 60_000)
  held[0]?.end('hello')
  await closed
  await until('the connection is closed', () => got.closed)
  t.match(got.text, /Connection: close/)
})

t.test('it does not wait for connections without a request', async (t) => {
  const { server, open } = await served((_request, response) => void response.end('hello'))
  const { socket, got } = await open(t)
  socket.write(REQUEST)
  await until('it is answered', () => answers(got.text) === 1)
  await closeServer(server, 60_000)
  await until('the connection is closed', () => got.closed)
})

t.test('it waits for what is being answered, and no longer than it may', async (t) => {
  const held: ServerResponse[] = []
  const { server, open } = await served((_request, response) => void held.push(response))
  const [one, two] = [await open(t), await open(t)]
  one.socket.write(REQUEST)
  two.socket.write(REQUEST)
  await until('both are asked', () => held.length === 2)
  const closed = closeServer(server, 1500)
  const [first] = held
  first?.end('done')
  await until('one is answered', () => answers(one.got.text) === 1)
  await closed
  await until('the other is cut off', () => two.got.closed)
  t.equal(answers(two.got.text), 0)
})

t.test('under load it cuts off no request', async (t) => {
  const { server, open } = await served((_request, response) => void response.end('hello'))
  const all = await Promise.all(Array.from({ length: 50 }, () => open(t)))
  let asked = 0
  const ask = (socket: Socket): void => {
    if (!socket.writable) return
    asked += 1
    socket.write(REQUEST)
  }
  for (const { socket, got } of all) {
    socket.on('data', () => {
      if (!got.text.includes('Connection: close')) setTimeout(() => ask(socket), Math.random() * 50)
    })
    ask(socket)
  }
  const total = () => all.reduce((sum, { got }) => sum + answers(got.text), 0)
  await until('there is load', () => total() > 500)
  await closeServer(server, 60_000)
  await until('all are closed', () => all.every(({ got }) => got.closed))
  t.equal(total(), asked)
  t.notOk(all.some(({ got }) => got.failed))
})

t.test('a browser is led to another address, unless it wants a tunnel', async (t) => {
  const server = createHttpServer()
  const seen: string[] = []
  const dataPlane = {
    handle: ({ url = '' }: IncomingMessage) => void seen.push(url),
    upgrade: ({ url = '' }: IncomingMessage) => void seen.push(url),
  }
  const redirect = ({ url }: IncomingMessage) =>
    url === '/health' ? undefined : `https://workbench.example.com${url}`
  connectPlanes(server, (_request, response) => void response.end('hello'), dataPlane, { redirect })
  const { port } = await listen(server, '127.0.0.1', 0)
  t.teardown(() => closeServer(server, 0))
  const ask = async (request: string) => {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8')
    let answer = ''
    socket.on('data', (text: string) => (answer += text)).on('error', () => undefined)
    socket.write(request.replace('\r\n', '\r\nHost: x\r\nConnection: close\r\n'))
    await once(socket, 'close')
    return answer
  }
  t.match(await ask('GET /health HTTP/1.1\r\n\r\n'), /200 OK.*hello/s)
  for (const method of ['GET', 'HEAD', 'POST']) {
    const [head = '', body] = (await ask(`${method} /s/abc/?x=1 HTTP/1.1\r\n\r\n`)).split(
      '\r\n\r\n',
    )
    t.match(head, /^HTTP\/1\.1 307 .*location: https:\/\/workbench\.example\.com\/s\/abc\/\?x=1/is)
    if (method === 'HEAD') t.equal(body, '')
    else t.match(body, '<a href="https://workbench.example.com/s/abc/?x=1">')
  }
  const upgrade = 'Connection: upgrade\r\nUpgrade: websocket\r\n\r\n'
  t.match(await ask(`GET /s/abc/ HTTP/1.1\r\n${upgrade}`), /^HTTP\/1\.1 421 .*MISDIRECTED/s)
  t.same(seen, [])
})
