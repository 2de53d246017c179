import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, createServer as createNetServer, type Socket } from 'node:net'
import t from 'tap'
import { WebSocket, WebSocketServer } from 'ws'
import type { JobPort } from '../../src/launcher/job.ts'
import { connectToApp } from '../../src/sessions/app-connection.ts'
import { SessionPorts } from '../../src/sessions/session-ports.ts'
import { until as eventually } from '../fixtures/until.ts'
import { ask, echo, raw, seenBy, session, stage, type Teardown, until } from './stage.ts'
import { browse } from './web-sockets.ts'

/** Looks like the Launcher: tells who listens, as the test says, and counts how often it is asked. */
class Host {
  looks = 0
  served: readonly JobPort[] = []

  ports(): Promise<readonly JobPort[]> {
    this.looks += 1
    return Promise.resolve(this.served)
  }

  serve(port: number, listener = 'first', address: JobPort['address'] = '127.0.0.1'): void {
    this.served = [{ port, address, process: 'app', listener }]
  }
}

async function listening(t: Teardown, server: Server, address = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  server.listen(0, address)
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** A session with an IDE that echoes, and the data plane that finds its apps through `host`. */
async function withApps(t: Teardown, host: Host) {
  const ide = await echo(t)
  const one = session('one', ide.path, { jobId: 'job' })
  const ports = new SessionPorts({ launcher: host })
  const staged = await stage(t, {
    sessions: [one],
    apps: {
      find: (of, port) => ports.find(of, port),
      connect: (of, port) => connectToApp(ports, of, port),
    },
  })
  return { ide, one, ports, ...staged }
}

function echoApp(): Server {
  return createServer((request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('x-url', request.url ?? '')
    response.setHeader('x-seen', JSON.stringify(request.headers))
    request.pipe(response)
  })
}

t.test(
  'an app is asked without its prefix, is told of it, and of nothing that is the IDE’s',
  async (t) => {
    const host = new Host()
    const app = await listening(t, echoApp())
    host.serve(app)
    const { port, activity, ide } = await withApps(t, host)
    const headers = {
      host: 'bench.example',
      cookie: 'atelier-1=secret; ide-login=secret; mine=1',
      'x-atelier-user': 'root',
      'x-forwarded-prefix': '/evil',
    }
    const body = Buffer.alloc(300_000, 'x')
    const answer = await ask(port, `/s/one/p/${app}/deep?x=%2F`, { method: 'POST', headers, body })
    t.equal(answer.status, 200)
    t.equal(answer.headers['x-url'], '/deep?x=%2F')
    t.equal(answer.body.length, body.length)
    const seen = seenBy(answer.headers)
    t.match(seen, {
      host: 'bench.example',
      cookie: 'mine=1',
      'x-forwarded-prefix': `/s/one/p/${app}`,
      'x-forwarded-host': 'bench.example',
      'x-forwarded-proto': 'http',
      'x-forwarded-for': '127.0.0.1',
    })
    t.equal(seen['cookie'], 'mine=1')
    t.notOk(seen['x-atelier-user'])
    t.same(activity, ['used one'], 'it is a use of the session')
    const kept = await ask(port, `/s/one/a/${app}/deep`)
    t.equal(kept.headers['x-url'], `/s/one/a/${app}/deep`)
    t.notOk(seenBy(kept.headers)['x-forwarded-prefix'])
    t.same(ide.hits, [], 'the IDE hears of none of it')
  },
)

t.test('the IDE keeps all that is no port', async (t) => {
  const { port, ide } = await withApps(t, new Host())
  for (const path of ['/p/1a2b3c4d/terminal/', '/p/12345678/', '/p/0/', '/p/65536/', '/p/x']) {
    t.equal((await ask(port, `/s/one${path}`)).status, 200)
  }
  t.equal(ide.hits.length, 5)
})

t.test('without its slash an app is a redirect', async (t) => {
  const { port } = await withApps(t, new Host())
  const { status, headers } = await ask(port, '/s/one/p/8050?x=1')
  t.same([status, headers.location], [308, '/s/one/p/8050/?x=1'])
})

t.test('redirects and cookies of an app stay below its port', async (t) => {
  const host = new Host()
  const locations = [
    '/login',
    'http://localhost:PORT/x',
    'http://127.0.0.1:PORT/x',
    'next',
    'http://bench.example/y',
    'https://elsewhere.example/',
  ]
  let app = 0
  const server = createServer((request, response) => {
    const location = locations[Number(request.url?.slice(1))] ?? ''
    response.setHeader('location', location.replace('PORT', String(app)))
    response.setHeader('refresh', '3; url=/soon')
    response.setHeader('set-cookie', ['a=1; Path=/; Domain=evil', 'ide-login=2', 'atelier-x=3'])
    response.writeHead(302)
    response.end()
  })
  app = await listening(t, server)
  host.serve(app)
  const { port } = await withApps(t, host)
  const prefix = `/s/one/p/${app}`
  const expected = [
    `${prefix}/login`,
    `${prefix}/x`,
    `${prefix}/x`,
    'next',
    `${prefix}/y`,
    'https://elsewhere.example/',
  ]
  for (const [index, location] of expected.entries()) {
    const answer = await ask(port, `${prefix}/${index}`, { headers: { host: 'bench.example' } })
    t.equal(answer.headers.location, location)
    t.same(answer.headers['set-cookie'], [`a=1; Path=${prefix}/`])
    t.equal(answer.headers['refresh'], `3; url=${prefix}/soon`)
  }
})

t.test('a WebSocket of an app passes subprotocol, large messages and close codes', async (t) => {
  const host = new Host()
  const server = createServer()
  const sockets = new WebSocketServer({
    server,
    handleProtocols: (offered) => [...offered][1] ?? false,
  })
  const requests: IncomingMessage[] = []
  sockets.on('connection', (socket, request) => {
    requests.push(request)
    socket.on('message', (data, binary) => socket.send(data, { binary }))
  })
  const app = await listening(t, server)
  host.serve(app)
  const { port, activity, plane } = await withApps(t, host)
  const options = { headers: { cookie: 'atelier-1=secret; ide-login=1; mine=1' } }
  const browser = browse(port, `/s/one/p/${app}/ws?x`, ['v1', 'v2'], options)
  await once(browser, 'open')
  t.equal(browser.protocol, 'v2')
  t.equal(requests[0]?.url, '/ws?x')
  t.equal(requests[0]?.headers.cookie, 'mine=1')
  const large = Buffer.alloc(3_000_000, 'y')
  browser.send(large)
  t.same((await once(browser, 'message'))[0], large)
  t.same(activity, ['used one'])
  const served = [...sockets.clients][0]
  browser.close(4001, 'why')
  await until('the app hears of it', () => served?.readyState === WebSocket.CLOSED)

  const second = browse(port, `/s/one/p/${app}/ws`)
  const [end] = (await once(sockets, 'connection')) as [WebSocket]
  await once(second, 'open')
  end.close(4999, 'over')
  t.same((await once(second, 'close')).map(String), ['4999', 'over'])

  const third = browse(port, `/s/one/p/${app}/ws`)
  await once(third, 'open')
  plane.closeSession('one')
  t.equal((await once(third, 'close'))[0], 1006, 'the session has ended')
})

t.test('events come as they are sent, and the app is left when the browser leaves', async (t) => {
  const host = new Host()
  let response: ServerResponse | undefined
  let left = false
  const app = await listening(
    t,
    createServer((_request, answering) => {
      response = answering
      answering.writeHead(200, { 'content-type': 'text/event-stream' })
      answering.write('data: 1\n\n')
      answering.once('close', () => (left = true))
    }),
  )
  host.serve(app)
  const { port } = await withApps(t, host)
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', (chunk) => (text += String(chunk)))
  socket.write(`GET /s/one/p/${app}/events HTTP/1.1\r\nHost: h\r\n\r\n`)
  await until('the first event', () => text.includes('data: 1'))
  response?.write('data: 2\n\n')
  await until('the second event', () => text.includes('data: 2'))
  socket.destroy()
  await until('the app is left', () => left)
})

t.test('a range is answered by the app itself', async (t) => {
  const host = new Host()
  const app = await listening(
    t,
    createServer((request, response) => {
      response.writeHead(206, { 'content-range': 'bytes 2-4/10', 'x-range': request.headers.range })
      response.end('cde')
    }),
  )
  host.serve(app)
  const { port } = await withApps(t, host)
  const answer = await ask(port, `/s/one/p/${app}/f`, { headers: { range: 'bytes=2-4' } })
  t.match(answer, {
    status: 206,
    headers: { 'content-range': 'bytes 2-4/10', 'x-range': 'bytes=2-4' },
  })
  t.equal(String(answer.body), 'cde')
})

t.test('an app on all addresses of IPv6 is reached, as it is offered there alone', async (t) => {
  const host = new Host()
  const app = await listening(t, echoApp(), '::')
  host.serve(app, 'first', '::1')
  const { port } = await withApps(t, host)
  t.equal((await ask(port, `/s/one/p/${app}/`)).status, 200)
})

t.test('an app on IPv6 is reached there', async (t) => {
  const host = new Host()
  const app = await listening(t, echoApp(), '::1')
  host.served = [
    { port: app, address: '127.0.0.1', process: 'app', listener: '1' },
    { port: app, address: '::1', process: 'app', listener: '1' },
  ]
  const { port } = await withApps(t, host)
  t.equal((await ask(port, `/s/one/p/${app}/`)).status, 200)
})

t.test(
  'a port that the session does not serve is refused, and looked for now and then',
  async (t) => {
    const host = new Host()
    const foreign = echoApp()
    let connections = 0
    foreign.on('connection', () => (connections += 1))
    const app = await listening(t, foreign)
    const { port, logged } = await withApps(t, host)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        ask(port, `/s/one/p/${app}/`, { headers: { accept: 'text/html' } }),
      ),
    )
    for (const { status, body } of answers) {
      t.equal(status, 404)
      t.match(String(body), `on 127.0.0.1 and port ${app}`)
    }
    t.ok(host.looks <= 2, `${host.looks} looks`)
    const upgrade = browse(port, `/s/one/p/${app}/ws`)
    t.equal((await once(upgrade, 'unexpected-response'))[1].statusCode, 404)
    t.equal(connections, 0)
    t.same(logged, [])
    host.serve(app)
    await eventually(async () => (await ask(port, `/s/one/p/${app}/`)).status === 200)
  },
)

t.test('a request on a connection that is there asks nobody', async (t) => {
  const host = new Host()
  const app = await listening(t, echoApp())
  host.serve(app)
  const { port } = await withApps(t, host)
  await ask(port, `/s/one/p/${app}/`)
  const before = host.looks
  for (let tries = 0; tries < 5; tries++) await ask(port, `/s/one/p/${app}/`)
  t.equal(host.looks, before)
})

t.test('who took the port over is sent nothing, whenever that happens', async (t) => {
  const host = new Host()
  const got: Buffer[] = []
  const stranger = createNetServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (chunk) => got.push(chunk))
    // Only now the host would tell.
    host.served = []
  })
  stranger.listen(0, '127.0.0.1')
  await once(stranger, 'listening')
  t.teardown(() => stranger.close())
  const app = (stranger.address() as AddressInfo).port
  host.serve(app)
  const { port } = await withApps(t, host)
  t.equal((await ask(port, `/s/one/p/${app}/`)).status, 404)
  host.serve(app, 'second')
  const upgrade = browse(port, `/s/one/p/${app}/ws`)
  t.equal((await once(upgrade, 'unexpected-response'))[1].statusCode, 404)
  t.same(got, [])
})

t.test('an app that was started again is reached by the same request', async (t) => {
  const host = new Host()
  const app = await listening(t, echoApp())
  host.serve(app, 'first')
  const { port, ports, one } = await withApps(t, host)
  await ports.find(one, app)
  host.serve(app, 'second')
  t.equal((await ask(port, `/s/one/p/${app}/`)).status, 200)
})

t.test('an app that does not answer is told of with what to do, and not in the log', async (t) => {
  const host = new Host()
  const rude = createNetServer((socket) =>
    socket.on('error', () => {}).once('data', () => socket.resetAndDestroy()),
  )
  rude.listen(0, '127.0.0.1')
  await once(rude, 'listening')
  t.teardown(() => rude.close())
  const app = (rude.address() as AddressInfo).port
  host.serve(app)
  const { port, logged } = await withApps(t, host)
  for (let tries = 0; tries < 3; tries++) {
    const { status, body } = await ask(port, `/s/one/p/${app}/`, {
      headers: { accept: 'text/html' },
    })
    t.equal(status, 502)
    t.match(String(body), `The web app on port ${app} of this session does not answer.`)
    t.notMatch(String(body), /127\.0\.0\.1|ECONN/)
  }
  const text = await raw(
    port,
    `GET /s/one/p/${app}/ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
  )
  t.match(text, /^HTTP\/1.1 502 /)
  t.match(text, 'APP_UNREACHABLE')
  rude.close()
  await once(rude, 'close')
  const gone = await ask(port, `/s/one/p/${app}/`)
  t.equal(gone.status, 502, 'as long as the host says that it listens')
  t.same(logged, [])
})

t.test('a Launcher that is away is not taken for a port that is not served', async (t) => {
  const host = new Host()
  const app = await listening(t, echoApp())
  const { AtelierError } = await import('../../src/errors.ts')
  host.ports = () => Promise.reject(new AtelierError('LAUNCHER_UNAVAILABLE'))
  const { port } = await withApps(t, host)
  t.equal((await ask(port, `/s/one/p/${app}/`)).status, 503)
})

t.test('nobody but its owner reaches an app', async (t) => {
  const host = new Host()
  const server = echoApp()
  let connections = 0
  server.on('connection', () => (connections += 1))
  const app = await listening(t, server)
  host.serve(app)
  const { port } = await withApps(t, host)
  t.equal((await ask(port, `/s/one/p/${app}/`, { headers: { 'x-test-user': 'eve' } })).status, 404)
  t.equal((await ask(port, `/s/none/p/${app}/`)).status, 404)
  t.same([connections, host.looks], [0, 0])
})
