import { once } from 'node:events'
import { type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import t from 'tap'
import { ask, echo, seenBy, session, until, upstream } from '../proxy/stage.ts'
import { hopFrom, TestNodes } from './nodes.ts'

t.test('a request at any node reaches the session, as if it had come to its own', async (t) => {
  const ide = await echo(t)
  const nodes = new TestNodes(t)
  const one = session('one', ide.path, { node: 'b' })
  const [a, b] = [await nodes.start('a', [one]), await nodes.start('b', [one])]
  const options = {
    method: 'PUT',
    body: 'hello',
    headers: {
      host: 'workbench.example.com',
      origin: 'http://workbench.example.com',
      cookie: 'atelier=secret; theme=dark; ide-x=1',
      authorization: 'Bearer theirs',
      'x-custom': 'kept',
      'x-atelier-user': 'root',
      'x-forwarded-for': '6.6.6.6',
      connection: 'x-hop, keep-alive',
      'x-hop': 'gone',
      expect: '100-continue',
    },
  }
  const there = await ask(b.port, '/s/one/a%2Fb?x=1', options)
  const here = await ask(a.port, '/s/one/a%2Fb?x=1', options)
  t.match(here, { status: 200, body: Buffer.from('hello') })
  t.same(ide.hits, ['PUT /a%2Fb?x=1', 'PUT /a%2Fb?x=1'])
  t.same(seenBy(here.headers), seenBy(there.headers), 'the IDE sees the same')
  t.notMatch(JSON.stringify(seenBy(here.headers)), /x-atelier|secret|6\.6\.6\.6|x-hop|root/)
  t.match(seenBy(here.headers), { host: 'workbench.example.com', cookie: /theme=dark/ })
  t.same(a.admitted, [['one', 'request']], 'both doors were asked')
  t.equal(b.admitted.length, 2)
})

t.test('the node that holds the session knows the browser, and who uses it', async (t) => {
  const ide = await echo(t)
  const nodes = new TestNodes(t)
  const one = session('one', ide.path, { node: 'b' })
  const [a, b] = [await nodes.start('a', [one]), await nodes.start('b', [one])]
  await ask(a.port, '/s/one/')
  t.same(a.activity, [])
  t.same(b.activity, ['used one'])
  const client = { address: '192.0.2.7', scheme: 'https' } as const
  const headers = hopFrom('a', { url: '/s/one/y' }, { session: 'one', to: 'b', client })
  const seen = seenBy((await ask(b.port, '/s/one/y', { headers })).headers)
  t.match(seen, { 'x-forwarded-for': '192.0.2.7', 'x-forwarded-proto': 'https' })
})

t.test('the answer passes both nodes as the one that holds the session made it', async (t) => {
  const ide = await upstream(t)
  ide.server.on('request', (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(302, {
      location: '/next',
      'set-cookie': ['a=1; Path=/', 'atelier=evil', 'b=2; Domain=example.com'],
      'x-atelier-moved': '1',
      'x-atelier-stopping': '1',
      'x-theirs': 'kept',
      connection: 'close, x-hop',
      'x-hop': 'gone',
    })
    response.end('moved')
  })
  const nodes = new TestNodes(t)
  const one = session('one', ide.path, { node: 'b' })
  const [a, b] = [await nodes.start('a', [one]), await nodes.start('b', [one])]
  const here = await ask(a.port, '/s/one/')
  const there = await ask(b.port, '/s/one/')
  t.match(here, {
    status: 302,
    headers: { location: '/s/one/next', 'x-theirs': 'kept' },
    body: Buffer.from('moved'),
  })
  t.same(here.headers['set-cookie'], there.headers['set-cookie'])
  t.same(Object.keys(here.headers).sort(), Object.keys(there.headers).sort())
})

t.test('an IDE cannot speak as a node', async (t) => {
  const ide = await upstream(t)
  let asked = 0
  ide.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    asked += 1
    const mark = request.url === '/421' ? 'x-atelier-moved' : 'x-atelier-stopping'
    response.writeHead(Number(request.url?.slice(1)), { [mark]: '1' }).end('its own')
  })
  const nodes = new TestNodes(t)
  const one = session('one', ide.path, { node: 'b' })
  const [a] = [await nodes.start('a', [one]), await nodes.start('b', [one])]
  for (const status of [421, 503]) {
    const answer = await ask(a.port, `/s/one/${status}`)
    t.match(answer, { status, body: Buffer.from('its own') })
  }
  t.equal(asked, 2)
  t.same(nodes.refreshed, [])
})

t.test('a stranger gets 404, and nothing is passed on', async (t) => {
  const ide = await echo(t)
  const nodes = new TestNodes(t)
  const one = session('one', ide.path, { node: 'b' })
  const [a, b] = [await nodes.start('a', [one]), await nodes.start('b', [one])]
  const headers = { 'x-test-user': 'eve' }
  t.match(await ask(a.port, '/s/one/', { headers }), { status: 404 })
  t.same(b.admitted, [])
  const hop = hopFrom('a', { url: '/s/one/' }, { session: 'one', to: 'b' })
  t.match(await ask(b.port, '/s/one/', { headers: { ...headers, ...hop } }), { status: 404 })
  t.same(b.admitted, [['one', 'request']], 'whoever passes it on')
  t.same(ide.hits, [])
})

t.test('whoever only claims to be a node is refused', async (t) => {
  const ide = await echo(t)
  const nodes = new TestNodes(t)
  const one = session('one', ide.path, { node: 'b' })
  const two = session('two', ide.path, { node: 'b' })
  await nodes.start('a', [one, two])
  const b = await nodes.start('b', [one, two])
  const hop = { session: 'one', to: 'b' }
  const line = { url: '/s/one/x' }
  const late = () => Date.now() - 61_000
  const forged: [what: string, headers: Record<string, string>, method?: string][] = [
    ['nonsense', { 'x-atelier-hop': 'nonsense' }],
    ['another key', hopFrom('a', line, hop, { key: Buffer.alloc(32, 'x') })],
    ['an old one', hopFrom('a', line, hop, { now: late })],
    ['another path', hopFrom('a', { url: '/s/one/y' }, hop)],
    ['another method', hopFrom('a', line, hop), 'DELETE'],
    ['another session', hopFrom('a', line, { ...hop, session: 'two' })],
    ['another node', hopFrom('a', line, { ...hop, to: 'a' })],
  ]
  for (const [what, headers, method = 'GET'] of forged) {
    const answer = await ask(b.port, '/s/one/x', { method, headers })
    t.equal(answer.status, 403, what)
    t.match(JSON.parse(String(answer.body)), { error: { code: 'HOP_REFUSED' } }, what)
  }
  t.same(b.admitted, [])
  t.same(ide.hits, [])
  t.match(await ask(b.port, '/s/one/x', { headers: hopFrom('a', line, hop) }), { status: 200 })
})

t.test('a web app is reached through the node that holds its session', async (t) => {
  const app = await echo(t)
  const nodes = new TestNodes(t)
  const one = session('one', '/nowhere', { node: 'b' })
  const apps = {
    find: () => Promise.resolve([{ listener: 'tcp 1' }]),
    connect: () => Promise.resolve(connect(app.path)),
  }
  const [a] = [await nodes.start('a', [one]), await nodes.start('b', [one], { apps })]
  const answer = await ask(a.port, '/s/one/p/8050/x?y', { method: 'POST', body: 'hello' })
  t.match(answer, { status: 200, body: Buffer.from('hello') })
  t.same(app.hits, ['POST /x?y'])
  t.match(seenBy(answer.headers), { 'x-forwarded-prefix': '/s/one/p/8050' })
})

t.test('a stream of events comes at once, and ends with its browser', async (t) => {
  const ide = await upstream(t)
  let open: ServerResponse | undefined
  ide.server.on('request', (_request: IncomingMessage, response: ServerResponse) => {
    open = response
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
  })
  const nodes = new TestNodes(t)
  const one = session('one', ide.path, { node: 'b' })
  const [a] = [await nodes.start('a', [one]), await nodes.start('b', [one])]
  const browser = httpRequest({ port: a.port, path: '/s/one/events', agent: false }).end()
  const [response] = (await once(browser, 'response')) as [IncomingMessage]
  for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
    open?.write(event)
    t.equal(String((await once(response, 'data'))[0]), event)
  }
  let left = false
  open?.once('close', () => (left = true))
  browser.destroy()
  await until('the IDE is left', () => left)
})

t.test('a browser that leaves before the answer leaves the IDE too', async (t) => {
  const ide = await upstream(t)
  const left: string[] = []
  let asked = 0
  ide.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    asked += 1
    request.resume()
    response.once('close', () => void left.push(request.method ?? ''))
  })
  const nodes = new TestNodes(t)
  const one = session('one', ide.path, { node: 'b' })
  const [a] = [await nodes.start('a', [one]), await nodes.start('b', [one])]
  for (const method of ['GET', 'POST']) {
    const headers = method === 'POST' ? { 'transfer-encoding': 'chunked' } : {}
    const options = { port: a.port, path: '/s/one/slow', method, headers, agent: false }
    const browser = httpRequest(options).on('error', () => {})
    if (method === 'POST') browser.write('begun')
    else browser.end()
    const before = asked
    await until('the IDE is asked', () => asked > before)
    browser.destroy()
    await until('it is left', () => left.at(-1) === method)
  }
})

t.test('the end of a session cuts off what is passed on for it', async (t) => {
  const ide = await upstream(t)
  let asked = 0
  ide.server.on('request', (_request: IncomingMessage, response: ServerResponse) => {
    asked += 1
    response.writeHead(200).flushHeaders()
  })
  const nodes = new TestNodes(t)
  const sessions = ['one', 'two'].map((id) => session(id, ide.path, { node: 'b' }))
  const [a] = [await nodes.start('a', sessions), await nodes.start('b', sessions)]
  const closed: string[] = []
  for (const id of ['one', 'two']) {
    const browser = httpRequest({ port: a.port, path: `/s/${id}/`, agent: false }).end()
    browser.on('response', (response) => {
      response.on('error', () => void closed.push(id)).resume()
    })
    t.teardown(() => browser.destroy())
  }
  await until('both are asked', () => asked === 2)
  a.plane.closeSession('one')
  await until('one is cut off', () => closed.length > 0)
  t.same(closed, ['one'])
})
