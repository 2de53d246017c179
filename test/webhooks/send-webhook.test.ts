import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import t, { type Test } from 'tap'
import type { Lookup } from '../../src/webhooks/guarded-agent.ts'
import { sendWebhook, type SentWebhook } from '../../src/webhooks/send-webhook.ts'
import { signatureHeaders } from '../../src/webhooks/signature.ts'

const secrets = [randomBytes(32)]
const message = { id: 'msg_1', sentAt: new Date(1_700_000_000_000), body: '{"id":"j1"}' }

async function server(t: Test, listener: RequestListener): Promise<number> {
  const http = createServer(listener)
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  t.teardown(() => {
    http.closeAllConnections()
    http.close()
  })
  return (http.address() as AddressInfo).port
}

const send = (url: string, changes: object = {}): Promise<SentWebhook> =>
  sendWebhook({
    url,
    message,
    secrets,
    hosts: ['127.0.0.1'],
    userAgent: 'Atelier/1',
    signal: new AbortController().signal,
    ...changes,
  })

t.test('the receiver gets the body, and headers that prove who sent it', async (t) => {
  const got: Record<string, unknown>[] = []
  const port = await server(t, (request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      got.push({ method: request.method, url: request.url, body, ...request.headers })
      response.writeHead(204).end()
    })
  })
  const sent = await send(`http://127.0.0.1:${port}/hook?a=b`)
  t.strictSame(sent, { status: 204, problem: null })
  t.match(got, [
    {
      method: 'POST',
      url: '/hook?a=b',
      body: message.body,
      'content-type': 'application/json',
      'user-agent': 'Atelier/1',
      ...signatureHeaders(message, secrets),
    },
  ])
})

t.test('any answer but 2xx is a failure, and a redirect is not followed', async (t) => {
  const asked: string[] = []
  const port = await server(t, ({ url = '' }, response) => {
    asked.push(url)
    response.writeHead(Number(url.slice(1)), { location: '/200' }).end('no matter what')
  })
  for (const [status, problem] of [
    [200, null],
    [302, /302, a redirect/],
    [307, /redirect/],
    [400, /answered 400/],
    [410, /410/],
    [500, /500/],
  ] as const)
    t.match(await send(`http://127.0.0.1:${port}/${status}`), { status, problem }, String(status))
  t.strictSame(asked, ['/200', '/302', '/307', '/400', '/410', '/500'])
})

t.test('an answer without an end is not read', async (t) => {
  const port = await server(t, (_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
      if (!response.destroyed) response.once('drain', more)
    }
    response.writeHead(200)
    more()
  })
  t.strictSame(await send(`http://127.0.0.1:${port}/`), { status: 200, problem: null })
})

t.test('a receiver that is silent, or not there, is told', async (t) => {
  const silent = createTcpServer(() => undefined).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.teardown(() => silent.close())
  const { port } = silent.address() as AddressInfo
  const late = await send(`http://127.0.0.1:${port}/`, { timeout: 300 })
  t.strictSame(late, { status: null, problem: 'The receiver did not answer within 0.3 seconds.' })
  const closed = createTcpServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const { port: free } = closed.address() as AddressInfo
  await new Promise((resolve) => closed.close(resolve))
  t.match(await send(`http://127.0.0.1:${free}/`), { status: null, problem: /ECONNREFUSED/ })
})

t.test('what is not public is not connected to, whatever its name', async (t) => {
  let connections = 0
  const port = await server(t, (_request, response) => {
    connections++
    response.end()
  })
  const leadsTo = (...addresses: string[]): Lookup =>
    ((_name: string, _options: object, callback: (...args: unknown[]) => void) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )) as unknown as Lookup
  const refused = { status: null, problem: /not public/ }
  const name = `https://hooks.example.org:${port}/`
  for (const addresses of [
    ['127.0.0.1'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['169.254.169.254'],
    ['8.8.8.8', '127.0.0.1'],
    ['127.0.0.1', '8.8.8.8'],
    [],
  ])
    t.match(
      await send(name, { lookup: leadsTo(...addresses), hosts: [] }),
      refused,
      addresses.join(),
    )
  for (const url of [
    `https://127.0.0.1:${port}/`,
    `https://localhost:${port}/`,
    `https://[::ffff:127.0.0.1]:${port}/`,
    `https://2130706433:${port}/`,
  ])
    t.match(await send(url, { hosts: [] }), refused, url)
  t.match(await send(`http://127.0.0.1:${port}/`, { hosts: [] }), { problem: /https/ })
  t.equal(connections, 0)
})

t.test('a name that leads to another address when it is asked again leads nowhere', async (t) => {
  let asked = 0
  const rebinding = ((_n: string, _o: object, callback: (...args: unknown[]) => void) => {
    asked++
    callback(null, [{ address: asked === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }])
  }) as unknown as Lookup
  for (let round = 0; round < 2; round++) {
    const sent = await send('https://hooks.example.org/', { lookup: rebinding, hosts: [] })
    t.match(sent, { problem: /not public/ })
  }
  t.equal(asked, 2, 'each connection asks once, and connects to what it was told')
})

t.test('a node that stops breaks off', async (t) => {
  const stopping = new AbortController()
  const port = await server(t, () => stopping.abort(new Error('stopping')))
  await t.rejects(send(`http://127.0.0.1:${port}/`, { signal: stopping.signal }), /stopping/)
})
