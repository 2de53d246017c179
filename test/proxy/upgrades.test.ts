import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { connect, createServer as createNetServer, type Socket } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { WebSocket, WebSocketServer, type ServerOptions } from 'ws'
import { raw, session, stage, type Teardown, until, upstream } from './stage.ts'

const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'

/** An IDE that speaks WebSocket as `options` say. */
async function webSocketIde(t: Teardown, options: ServerOptions = {}) {
  const ide = await upstream(t)
  const sockets = new WebSocketServer({ ...options, server: ide.server })
  const requests: IncomingMessage[] = []
  sockets.on('connection', (_socket, request) => requests.push(request))
  return { ...ide, webSockets: sockets, requests }
}

/** An IDE that handles its connections byte by byte. */
async function rawIde(t: Teardown, onSocket: (socket: Socket) => void) {
  const directory = mkdtempSync(join(tmpdir(), 'proxy-'))
  const path = join(directory, 'ide.sock')
  const open = new Set<Socket>()
  const server = createNetServer((socket) => {
    open.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => open.delete(socket))
    onSocket(socket)
  })
  server.listen(path)
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of open) socket.destroy()
    server.close()
    rmSync(directory, { recursive: true, force: true })
  })
  return { path, open }
}

function browse(port: number, path: string, protocols: string[] = [], options = {}): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, options)
  socket.on('error', () => {})
  return socket
}

/** A browser's socket that has sent an upgrade, and all that came back. */
function begin(port: number, path = '/s/one/ws', behind = '') {
  const socket = connect(port, '127.0.0.1')
  const got = { text: '' }
  socket.on('error', () => {})
  socket.on('data', (chunk) => (got.text += chunk.toString('latin1')))
  socket.write(`GET ${path} HTTP/1.1\r\nHost: h\r\n${UPGRADE}\r\n${behind}`)
  return { socket, got }
}

t.test("messages pass in both directions, and the handshake is the IDE's own", async (t) => {
  const ide = await webSocketIde(t, {
    perMessageDeflate: { threshold: 0 },
    handleProtocols: (offered) => [...offered][1] ?? false,
  })
  ide.webSockets.on('headers', (headers: string[]) => headers.push('Set-Cookie: a=1; Path=/'))
  ide.webSockets.on('connection', (socket) => {
    socket.on('message', (data, binary) => socket.send(data, { binary }))
  })
  const { port, activity } = await stage(t, { sessions: [session('one', ide.path)] })
  const browser = browse(port, '/s/one/ws?x=%2F', ['v1', 'v2'], {
    origin: 'http://bench.example',
    headers: {
      host: 'bench.example',
      cookie: 'atelier-1=secret; a=1',
      'x-atelier-user': 'root',
      'x-forwarded-for': '6.6.6.6',
    },
  })
  let answer: IncomingMessage | undefined
  browser.on('upgrade', (response) => (answer = response))
  await once(browser, 'open')
  t.same(answer?.headers['set-cookie'], ['a=1; Path=/s/one/'])
  t.equal(browser.protocol, 'v2')
  t.match(browser.extensions, 'permessage-deflate')
  for (const message of ['text', 'x'.repeat(1_000_000)]) {
    browser.send(message)
    const [data] = (await once(browser, 'message')) as [Buffer]
    t.equal(String(data), message)
  }
  const [seen] = ide.requests
  t.equal(seen?.url, '/ws?x=%2F')
  t.match(seen?.headers, {
    origin: 'http://bench.example',
    host: 'bench.example',
    cookie: 'a=1',
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-host': 'bench.example',
  })
  t.notOk(seen?.headers['x-atelier-user'])
  t.same(activity, ['began one', 'used one'])
  browser.close()
  await until('the tunnel is closed', () => activity.includes('ended one'))
})

t.test('an IDE that keeps its prefix gets it, with its own token', async (t) => {
  const ide = await webSocketIde(t)
  const { port } = await stage(t, { sessions: [session('one', ide.path, { ide: 'jupyterlab' })] })
  await once(browse(port, '/s/one/api/kernels/1/channels'), 'open')
  t.equal(ide.requests[0]?.url, '/s/one/api/kernels/1/channels')
  t.equal(ide.requests[0]?.headers.authorization, 'token secret-of-one')
})

t.test('close codes pass as they are, from either side', async (t) => {
  const ide = await webSocketIde(t)
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  for (const code of [1000, 1001, 1005, 1011, 4001, 4999]) {
    const args: [code?: number, why?: string] = code === 1005 ? [] : [code, 'why']
    const fromIde = browse(port, '/s/one/ws')
    const [end] = (await once(ide.webSockets, 'connection')) as [WebSocket]
    await once(fromIde, 'open')
    end.close(...args)
    const [seen, reason] = (await once(fromIde, 'close')) as [number, Buffer]
    t.same([seen, String(reason)], [code, code === 1005 ? '' : 'why'])

    const fromBrowser = browse(port, '/s/one/ws')
    const [other] = (await once(ide.webSockets, 'connection')) as [WebSocket]
    await once(fromBrowser, 'open')
    fromBrowser.close(...args)
    t.equal(((await once(other, 'close')) as [number])[0], code)
  }
  const killed = browse(port, '/s/one/ws')
  const [end] = (await once(ide.webSockets, 'connection')) as [WebSocket]
  await once(killed, 'open')
  end.terminate()
  t.equal(((await once(killed, 'close')) as [number])[0], 1006)
  await until('no connection is left', () => ide.sockets.size === 0)
})

t.test('a ping gets the one pong of the other end, and is no use of the session', async (t) => {
  const ide = await webSocketIde(t)
  const { port, activity } = await stage(t, { sessions: [session('one', ide.path)] })
  const browser = browse(port, '/s/one/ws')
  const [end] = (await once(ide.webSockets, 'connection')) as [WebSocket]
  await once(browser, 'open')
  const pongs: string[] = []
  browser.on('pong', (data) => pongs.push(`browser ${String(data)}`))
  end.on('pong', (data) => pongs.push(`ide ${String(data)}`))
  browser.ping('a')
  await until('the IDE answers', () => pongs.length === 1)
  end.ping('b')
  await until('the browser answers', () => pongs.length === 2)
  end.send('done')
  await once(browser, 'message')
  t.same(pongs, ['browser a', 'ide b'])
  t.same(activity, ['began one'])
})

t.test(
  'who is not let in, or asks for something else, opens no connection to an IDE',
  async (t) => {
    const ide = await webSocketIde(t)
    const sessions = [
      session('one', ide.path),
      session('new', ide.path, { state: 'Starting', location: null }),
      session('old', ide.path, { state: 'Stopped' }),
    ]
    const { port, admitted } = await stage(t, { sessions })
    const cases: [head: string, status: number][] = [
      [`GET /s/one/ws HTTP/1.1\r\nHost: h\r\nx-test-user: eve\r\n${UPGRADE}`, 404],
      [`GET /s/none/ws HTTP/1.1\r\nHost: h\r\n${UPGRADE}`, 404],
      [`GET /s/new/ws HTTP/1.1\r\nHost: h\r\n${UPGRADE}`, 503],
      [`GET /s/old/ws HTTP/1.1\r\nHost: h\r\n${UPGRADE}`, 410],
      [`GET /s/one HTTP/1.1\r\nHost: h\r\n${UPGRADE}`, 404],
      [`GET /s/one/%2e%2e/ws HTTP/1.1\r\nHost: h\r\n${UPGRADE}`, 400],
      [`POST /s/one/ws HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n${UPGRADE}`, 400],
      [`GET /s/one/ws HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n${UPGRADE}`, 400],
    ]
    for (const [head, status] of cases) {
      const text = await raw(port, `${head}\r\nGET /s/one/smuggled HTTP/1.1\r\nHost: h\r\n\r\n`)
      t.match(text, new RegExp(`^HTTP/1.1 ${status} `), head)
      t.match(text, /^connection: close/im)
      t.equal(text.split('HTTP/1.1 ').length, 2, 'one answer and then the end')
    }
    t.equal(admitted.filter(([, kind]) => kind === 'upgrade').length, 4)
    t.equal(ide.sockets.size, 0)
  },
)

t.test('an IDE that declines is heard as it is, and the connection ends', async (t) => {
  const ide = await upstream(t)
  ide.server.on('upgrade', (_request, socket) => {
    socket.end(
      'HTTP/1.1 401 Unauthorized\r\nX-Why: token\r\nSet-Cookie: a=1; Path=/\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nnope\r\n0\r\n\r\n',
    )
  })
  const { port, activity } = await stage(t, { sessions: [session('one', ide.path)] })
  const { socket, got } = begin(
    port,
    '/s/one/ws',
    'GET /s/one/smuggled HTTP/1.1\r\nHost: h\r\n\r\n',
  )
  await once(socket, 'close')
  t.match(got.text, /^HTTP\/1.1 401 Unauthorized\r\n/)
  t.match(got.text, /^x-why: token/im)
  t.match(got.text, /^set-cookie: a=1; Path=\/s\/one\//im)
  t.match(got.text, /^connection: close/im)
  t.match(got.text, /\r\n\r\n4\r\nnope\r\n0\r\n\r\n$/)
  await until('the IDE is left', () => ide.sockets.size === 0)
  t.same(activity, [])
})

t.test('an IDE that declines and never ends is left when the browser leaves', async (t) => {
  const ide = await rawIde(t, (socket) => {
    socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx'))
  })
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  const { socket, got } = begin(port)
  await until('the answer begins', () => got.text.endsWith('x'))
  socket.destroy()
  await until('the IDE is left', () => ide.open.size === 0)
})

t.test('an IDE that is away or talks nonsense is a 502 without any address', async (t) => {
  const answers = [
    '',
    'nonsense\r\n\r\n',
    'HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
  ]
  const paths = ['/tmp/no-such.sock']
  for (const answer of answers) {
    const ide = await rawIde(t, (socket) => socket.once('data', () => socket.end(answer)))
    paths.push(ide.path)
  }
  for (const path of paths) {
    const { port } = await stage(t, { sessions: [session('one', path)] })
    const { socket, got } = begin(port)
    await once(socket, 'close')
    t.match(got.text, /^HTTP\/1.1 502 /, path)
    t.notMatch(got.text, /\.sock|ENOENT/)
  }
})

t.test(
  'an IDE that does not answer an upgrade is given up, and left when the browser leaves',
  async (t) => {
    const ide = await rawIde(t, (socket) => socket.resume())
    const sessions = [session('one', ide.path)]
    const quick = await stage(t, { sessions, upgradeTimes: { handshakeMs: 50, lingerMs: 50 } })
    const { socket, got } = begin(quick.port)
    await once(socket, 'close')
    t.match(got.text, /^HTTP\/1.1 504 /)
    await until('the IDE is left', () => ide.open.size === 0)

    const patient = await stage(t, { sessions })
    for (const leave of ['end', 'destroy', 'resetAndDestroy'] as const) {
      const leaving = begin(patient.port)
      await until('the IDE is asked', () => ide.open.size === 1)
      leaving.socket[leave]()
      await until('the IDE is left', () => ide.open.size === 0)
    }
  },
)

t.test('nothing is forwarded before the 101, and all of it in order after', async (t) => {
  let agree: (() => void) | undefined
  let seen = ''
  const ide = await rawIde(t, (socket) => {
    socket.on('data', (chunk) => (seen += chunk.toString('latin1')))
    agree = () => {
      socket.write('HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello')
    }
  })
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  const { socket, got } = begin(port, '/s/one/ws', 'first ')
  socket.write('second ')
  await until('the IDE is asked', () => seen.includes('\r\n\r\n'))
  await delay(100)
  t.ok(seen.endsWith('\r\n\r\n'), 'no more than the request')
  agree?.()
  await until('the browser is answered', () => got.text.endsWith('hello'))
  t.match(got.text, /^HTTP\/1.1 101 /)
  socket.write('third')
  await until('all is there', () => seen.endsWith('\r\n\r\nfirst second third'))
  socket.destroy()
})

t.test('a side that stops reading stops the other, in both directions', async (t) => {
  const MIB = 1024 * 1024
  const sent = { ide: 0, browser: 0 }
  const pour = (socket: Socket, side: keyof typeof sent) => {
    const chunk = Buffer.alloc(MIB, 'x')
    const more = () => {
      while (sent[side] < 300 && !socket.destroyed) {
        sent[side] += 1
        if (!socket.write(chunk)) return
      }
    }
    socket.on('drain', more)
    more()
  }
  let end: Socket | undefined
  const ide = await rawIde(t, (socket) => {
    socket.once('data', () => {
      socket.pause()
      socket.write('HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
      end = socket
    })
  })
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  const { socket, got } = begin(port)
  await until('the tunnel is open', () => got.text.endsWith('\r\n\r\n'))
  socket.removeAllListeners('data')
  socket.pause()
  if (end) pour(end, 'ide')
  pour(socket, 'browser')
  let before = -1
  while (before !== sent.ide + sent.browser) {
    before = sent.ide + sent.browser
    await delay(300)
  }
  t.ok(sent.ide < 30, `the IDE could send ${sent.ide} MiB`)
  t.ok(sent.browser < 30, `the browser could send ${sent.browser} MiB`)
  let bytes = 0
  socket.on('data', (chunk) => (bytes += chunk.length))
  socket.resume()
  end?.resume()
  await until('the browser has it all', () => bytes === 300 * MIB)
  socket.destroy()
  await until('the IDE is left', () => ide.open.size === 0)
})

t.test('both sockets close together, however one goes', async (t) => {
  const ide = await webSocketIde(t)
  const sessions = [session('one', ide.path)]
  const upgradeTimes = { handshakeMs: 30_000, lingerMs: 100 }
  const { port, server, activity } = await stage(t, { sessions, upgradeTimes })
  const browsers: Socket[] = []
  for (let i = 0; i < 200; i++) browsers.push(begin(port).socket)
  await until('all are open', () => ide.requests.length === 200)
  for (const [i, end] of [...ide.webSockets.clients].entries()) if (i % 4 === 0) end.terminate()
  for (const [i, socket] of browsers.entries()) {
    if (i % 3 === 0) socket.resetAndDestroy()
    else if (i % 3 === 1) socket.destroy()
    else socket.end()
  }
  await until('no connection to the IDE is left', () => ide.sockets.size === 0)
  let open = -1
  await until('no connection of a browser is left', () => {
    server.getConnections((_error, count) => (open = count))
    return open === 0
  })
  t.equal(activity.filter((each) => each === 'began one').length, 200)
  t.equal(activity.filter((each) => each === 'ended one').length, 200)
})

t.test('a half-open side is closed after a while', async (t) => {
  const ide = await rawIde(t, (socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
      socket.pause()
    })
  })
  const upgradeTimes = { handshakeMs: 30_000, lingerMs: 100 }
  const { port, activity } = await stage(t, { sessions: [session('one', ide.path)], upgradeTimes })
  const { socket, got } = begin(port)
  await until('the tunnel is open', () => got.text.endsWith('\r\n\r\n'))
  socket.end()
  await once(socket, 'close')
  await until('the tunnel is closed', () => activity.includes('ended one'))
})

t.test('a session that ends closes its tunnels and no others', async (t) => {
  const ide = await webSocketIde(t)
  const sessions = [session('one', ide.path), session('two', ide.path)]
  const { plane, port } = await stage(t, { sessions })
  const one = browse(port, '/s/one/ws')
  const two = browse(port, '/s/two/ws')
  await until('both are open', () => one.readyState + two.readyState === 2 * WebSocket.OPEN)
  plane.closeSession('one')
  await once(one, 'close')
  await until('one connection to the IDE is left', () => ide.sockets.size === 1)
  t.equal(two.readyState, WebSocket.OPEN)
})
