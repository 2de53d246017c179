import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import t from 'tap'
import type { WebSocket } from 'ws'
import { raw, session, stage, until, upstream } from './stage.ts'
import { begin, browse, rawIde, UPGRADE, webSocketIde } from './web-sockets.ts'

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
  t.same(activity, ['used one'])
  browser.close()
  await until('the tunnel is closed', () => ide.sockets.size === 0)
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
  t.same(activity, [])
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
    t.equal(admitted.filter(([, kind]) => kind === 'upgrade').length, 5, 'twice one that starts')
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
