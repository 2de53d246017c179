import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import t from 'tap'
import { bindPort } from '../../src/linux/bind-port.ts'

for (const [address, family] of [
  ['127.0.0.1', 4],
  ['::1', 6],
] as const) {
  t.test(`a socket that is bound to ${address} listens when it is told to`, async (t) => {
    const other = createServer().listen(0, address)
    await once(other, 'listening')
    const taken = other.address()
    const port = typeof taken === 'object' && taken !== null ? taken.port : 0
    t.throws(() => bindPort({ address, family, port }), { code: 'EADDRINUSE' })
    other.close()
    await once(other, 'close')

    const fd = bindPort({ address, family, port })
    const early = connect(port, address)
    t.match(await once(early, 'error'), [{ code: 'ECONNREFUSED' }], 'it does not listen yet')
    const server = createServer((socket) => socket.end('hello')).listen({ fd })
    t.teardown(() => server.close())
    await once(server, 'listening')
    t.match(server.address(), { address, port })
    const [text] = await once(connect(port, address).setEncoding('utf8'), 'data')
    t.equal(text, 'hello')
  })
}

t.test('what is no address is refused', async (t) => {
  t.throws(() => bindPort({ address: 'localhost', family: 4, port: 1 }), /no IP address/)
})
