import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import t from 'tap'
import { WebSocket } from 'ws'
import { session, until } from '../proxy/stage.ts'
import { browse, rawIde, UPGRADE, webSocketIde } from '../proxy/web-sockets.ts'
import { hopFrom, TestNodes } from './nodes.ts'

t.test('a WebSocket through two nodes is the IDE’s own', async (t) => {
  const ide = await webSocketIde(t, {
    perMessageDeflate: true,
    handleProtocols: (offered) => [...offered].at(-1) ?? false,
  })
  ide.webSockets.on('connection', (socket) => {
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
  })
  const nodes = new TestNodes(t)
  const one = session('one', ide.path, { node: 'b' })
  const [a, b] = [await nodes.start('a', [one]), await nodes.start('b', [one])]
  const socket = browse(a.port, '/s/one/ws?x=1', ['v1', 'v2'], {
    headers: { cookie: 'atelier=secret; theme=dark', origin: 'http://h', 'x-atelier-x': '1' },
  })
  await once(socket, 'open')
  t.equal(socket.protocol, 'v2')
  for (const message of ['hello', 'x'.repeat(1_000_000)]) {
    socket.send(message)
    t.equal(String((await once(socket, 'message'))[0]), message)
  }
  const { url, headers = {} } = ide.requests[0] ?? {}
  t.match({ url, headers }, { url: '/ws?x=1', headers: { origin: 'http://h' } })
  t.notMatch(JSON.stringify(headers), /x-atelier|secret/)
  t.same(a.activity, [], 'use is noted where the session is')
  t.same(b.activity, ['used one'])
  socket.terminate()
  await until('the IDE is left', () => ide.sockets.size === 0)
})

t.test('close codes pass both ways', async (t) => {
  const ide = await webSocketIde(t)
  const codes: number[] = []
  ide.webSockets.on('connection', (socket) => {
    socket.on('close', (code) => void codes.push(code))
    socket.on('message', (data: Buffer) => socket.close(Number(data.toString()), 'bye'))
  })
  const nodes = new TestNodes(t)
  const one = session('one', ide.path, { node: 'b' })
  const [a] = [await nodes.start('a', [one]), await nodes.start('b', [one])]
  for (const code of [1000, 1001, 4001]) {
    const socket = browse(a.port, '/s/one/ws')
    await once(socket, 'open')
    socket.send(String(code))
    const [seen, reason] = (await once(socket, 'close')) as [number, Buffer]
    t.same([seen, String(reason)], [code, 'bye'])
  }
  codes.length = 0
  for (const code of [1000, 4002]) {
    const socket = browse(a.port, '/s/one/ws')
    await once(socket, 'open')
    socket.close(code)
    await once(socket, 'close')
  }
  const socket = browse(a.port, '/s/one/ws')
  await once(socket, 'open')
  socket.terminate()
  await until('the IDE has heard of all', () => codes.length === 3)
  t.same(codes, [1000, 4002, 1006])
})

t.test('an IDE’s refusal is its own, and a stranger is not let in', async (t) => {
  const ide = await webSocketIde(t, { verifyClient: (_info, answer) => answer(false, 401, 'no') })
  const nodes = new TestNodes(t)
  const one = session('one', ide.path, { node: 'b' })
  const [a, b] = [await nodes.start('a', [one]), await nodes.start('b', [one])]
  const refused = async (port: number, headers: Record<string, string> = {}) => {
    const socket = browse(port, '/s/one/ws', [], { headers })
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage]
    return response.statusCode
  }
  t.equal(await refused(a.port), 401)
  t.equal(await refused(a.port, { 'x-test-user': 'eve' }), 404)
  const hop = hopFrom('a', { url: '/s/one/ws' }, { session: 'one', to: 'b' })
  t.equal(await refused(b.port, hop), 401)
  t.equal(await refused(b.port, { ...hop, 'x-test-user': 'eve' }), 404)
  const forged = hopFrom('a', { url: '/s/one/other' }, { session: 'one', to: 'b' })
  t.equal(await refused(b.port, forged), 403)
})

t.test('what a browser sends early waits for the IDE, through both nodes', async (t) => {
  let seen = ''
  let agree: (() => void) | undefined
  const ide = await rawIde(t, (socket) => {
    socket.on('data', (chunk) => (seen += chunk.toString('latin1')))
    agree = () =>
      socket.write('HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello')
  })
  const nodes = new TestNodes(t)
  const one = session('one', ide.path, { node: 'b' })
  const [a] = [await nodes.start('a', [one]), await nodes.start('b', [one])]
  const request = `GET /s/one/ws HTTP/1.1\r\nHost: h\r\n${UPGRADE}\r\nearly`
  let got = ''
  const socket = connect(a.port, '127.0.0.1')
  socket.on('data', (chunk) => (got += chunk.toString('latin1')))
  socket.write(request)
  await until('the IDE is asked', () => seen.endsWith('\r\n\r\n'))
  agree?.()
  await until('the browser has its answer', () => got.endsWith('hello'))
  await until('the IDE has what came early', () => seen.endsWith('\r\n\r\nearly'))
  t.match(got, /^HTTP\/1.1 101 /)
  socket.destroy()
})

t.test('a session that ends closes its tunnels at both nodes', async (t) => {
  const ide = await webSocketIde(t)
  const nodes = new TestNodes(t)
  const sessions = ['one', 'two'].map((id) => session(id, ide.path, { node: 'b' }))
  const nodesOf = [await nodes.start('a', sessions), await nodes.start('b', sessions)] as const
  const [a] = nodesOf
  for (const node of nodesOf) {
    const one = browse(a.port, '/s/one/ws')
    const two = browse(a.port, '/s/two/ws')
    await until('both are open', () => one.readyState + two.readyState === 2 * WebSocket.OPEN)
    node.plane.closeSession('one')
    await once(one, 'close')
    await until('one connection to the IDE is left', () => ide.sockets.size === 1)
    t.equal(two.readyState, WebSocket.OPEN)
    two.terminate()
    await until('no connection to the IDE is left', () => ide.sockets.size === 0)
  }
})

t.test('a side that stops reading stops the other, through both nodes', async (t) => {
  const MIB = 1024 * 1024
  let sent = 0
  let end: Socket | undefined
  const ide = await rawIde(t, (socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
      end = socket
    })
  })
  const nodes = new TestNodes(t)
  const one = session('one', ide.path, { node: 'b' })
  const [a] = [await nodes.start('a', [one]), await nodes.start('b', [one])]
  const socket = connect(a.port, '127.0.0.1')
  socket.write(`GET /s/one/ws HTTP/1.1\r\nHost: h\r\n${UPGRADE}\r\n`)
  await once(socket, 'data')
  socket.pause()
  const chunk = Buffer.alloc(MIB, 'x')
  const pour = () => {
    while (sent < 200) {
      sent += 1
      if (!end?.write(chunk)) return
    }
  }
  end?.on('drain', pour)
  pour()
  let before = -1
  await until('it has come to rest', () => {
    const rests = before === sent && socket.readableLength > 0
    before = sent
    return rests
  })
  t.ok(sent < 60, `${sent} MiB were sent`)
  let bytes = 0
  socket.on('data', (part) => (bytes += part.length))
  socket.resume()
  await until('all has come', () => bytes >= 200 * MIB)
  socket.destroy()
  await until('the IDE is left', () => ide.open.size === 0)
})
