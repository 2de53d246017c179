import { once } from 'node:events'
import {
  connect,
  createServer,
  type AddressInfo,
  type Server,
  type ServerOpts,
  type Socket,
} from 'node:net'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { Balancer, inTurn } from '../../src/start/balancer.ts'
import { until } from '../fixtures/until.ts'

t.test('targets are tried in turn, those that refused just now at last', (t) => {
  const cases: [
    turn: number,
    refusedAt: Record<number, number | undefined>,
    order: readonly number[],
  ][] = [
    [0, {}, [0, 1, 2]],
    [1, {}, [1, 2, 0]],
    [5, {}, [2, 0, 1]],
    [0, { 0: 9001 }, [1, 2, 0]],
    [0, { 0: 9000 }, [0, 1, 2]],
    [2, { 0: 9500, 2: 9999 }, [1, 2, 0]],
    [1, { 0: 10_000, 1: 10_000, 2: 10_000 }, [1, 2, 0]],
    [1, { 0: undefined }, [1, 2, 0]],
  ]
  for (const [turn, refusedAt, order] of cases) {
    t.strictSame(inTurn(3, turn, refusedAt, 10_000), order, JSON.stringify([turn, refusedAt]))
  }
  t.strictSame(inTurn(0, 3, {}, 0), [])
  t.end()
})

t.test('connections go round; one that does not accept is passed over at once', async (t) => {
  const names = ['a', 'b', 'c'] as const
  const servers = await Promise.all(
    names.map((name) => listening(t, (socket) => void socket.end(name))),
  )
  let now = 0
  const port = await balanced(t, servers, () => now)
  const ask = () => text(connect(port, '127.0.0.1'))
  const round = async () => [await ask(), await ask(), await ask()].sort().join('')
  t.equal(await round(), 'abc')
  t.equal(await round(), 'abc')

  const [first] = servers
  if (first === undefined) throw new Error('there is none')
  const address = portOf(first)
  first.close()
  await once(first, 'close')
  for (let count = 0; count < 3; count++) t.match(await round(), /^[bc]{3}$/)

  first.listen(address, '127.0.0.1')
  await once(first, 'listening')
  t.match(await round(), /^[bc]{3}$/, 'it is left out for a second')
  now += 1000
  t.equal(await round(), 'abc', 'and no longer')
})

t.test('when nobody accepts, connections are closed, until somebody does', async (t) => {
  const server = await listening(t, (socket) => void socket.end('here'))
  const address = portOf(server)
  const port = await balanced(t, [server])
  server.close()
  await once(server, 'close')
  for (let count = 0; count < 3; count++) t.equal(await text(connect(port, '127.0.0.1')), '')
  server.listen(address, '127.0.0.1')
  await once(server, 'listening')
  t.equal(
    await text(connect(port, '127.0.0.1')),
    'here',
    'also within the second, for want of others',
  )
})

t.test('who reads slowly holds up who writes, and gets everything', async (t) => {
  const chunk = Buffer.alloc(256 * 1024, 'x')
  const total = 400 * chunk.length
  let sent = 0
  const server = await listening(t, async (socket) => {
    socket.on('error', () => undefined)
    while (sent < total) {
      sent += chunk.length
      if (!socket.write(chunk)) await once(socket, 'drain')
    }
    socket.end()
  })
  const port = await balanced(t, [server])
  const reader = connect(port, '127.0.0.1')
  await once(reader, 'connect')

  let before = -1
  let sameFor = 0
  await until(() => {
    sameFor = sent === before && sent > 0 ? sameFor + 1 : 0
    before = sent
    return sameFor === 20
  })
  t.ok(sent < total, `${sent} of ${total} bytes were taken from it`)
  let received = 0
  for await (const data of reader) received += (data as Buffer).length
  t.equal(received, total)
})

t.test('a half-closed connection still carries the answer', async (t) => {
  const server = await listening(
    t,
    (socket) => {
      let bytes = 0
      socket.on('data', ({ length }) => (bytes += length))
      socket.on('end', () => socket.end(`${bytes} bytes`))
    },
    { allowHalfOpen: true },
  )
  const port = await balanced(t, [server])
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  client.end('x'.repeat(3_000_000))
  t.equal(await text(client), '3000000 bytes')
})

t.test('a reset is passed on, both ways', async (t) => {
  const accepted: Socket[] = []
  const server = await listening(t, (socket) => void accepted.push(socket.resume()))
  const port = await balanced(t, [server])
  const open = async () => {
    const client = connect(port, '127.0.0.1').resume()
    const node = await until(() => accepted.shift())
    return { client, node }
  }
  const reset = { code: 'ECONNRESET' }

  const one = await open()
  const nodeHears = once(one.node, 'error')
  one.client.resetAndDestroy()
  t.match(await nodeHears, [reset])

  const two = await open()
  const clientHears = once(two.client, 'error')
  two.node.resetAndDestroy()
  t.match(await clientHears, [reset])
})

t.test('it ends with its connections, and says when its port is taken', async (t) => {
  const server = await listening(t, (socket) => void socket.on('error', () => undefined).write('x'))
  const balancer = new Balancer({ targets: [{ host: '127.0.0.1', port: portOf(server) }] })
  const { port } = await balancer.listen({ host: '127.0.0.1', port: 0 })
  const second = new Balancer({ targets: [] })
  await t.rejects(second.listen({ host: '127.0.0.1', port }), {
    message: new RegExp(`^Port ${port} on 127.0.0.1 is in use`),
  })
  const client = connect(port, '127.0.0.1')
  await once(client, 'data')
  await balancer.stop()
  await once(client.resume(), 'close')
  t.ok(client.destroyed)
})

async function listening(
  t: Test,
  serve: (socket: Socket) => void | Promise<void>,
  options: ServerOpts = {},
): Promise<Server> {
  const server = createServer(options, (socket) => void serve(socket)).listen(0, '127.0.0.1')
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  await once(server, 'listening')
  return server
}

async function balanced(t: Test, servers: readonly Server[], now?: () => number): Promise<number> {
  const targets = servers.map((server) => ({ host: '127.0.0.1', port: portOf(server) }))
  const balancer = new Balancer({ targets, ...(now && { now }) })
  t.teardown(() => balancer.stop())
  return (await balancer.listen({ host: '127.0.0.1', port: 0 })).port
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}
