import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import t from 'tap'
import { WebSocketServer } from 'ws'
import { runEcho } from '../../bench/load/echo-load.ts'
import { EchoCounter, serverFrame } from '../../bench/load/frames.ts'
import { openWebSocket } from '../../bench/load/web-socket.ts'

t.test('a WebSocket library understands the frames, and its echoes are understood', async (t) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  t.teardown(() => server.close())
  server.on('connection', (webSocket) => {
    webSocket.on('message', (data, binary) => webSocket.send(data, { binary }))
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  for (const payloadBytes of [0, 1, 125, 126, 200, 65_535, 65_536, 262_144]) {
    const options = { port, path: '/', headers: {}, connections: 2, payloadBytes, seconds: 0 }
    t.equal((await runEcho(options)).messages, 2, `${payloadBytes} bytes`)
  }
})

t.test('whoever refuses the upgrade has no result', async (t) => {
  const server = createServer((_request, response) => response.end())
  t.teardown(() => server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await t.rejects(openWebSocket(port, '/', {}), /no WebSocket: HTTP\/1.1 200 OK/)
})

t.test('echoes are counted however the bytes are cut', async (t) => {
  const frame = serverFrame(Buffer.from('hello, kernel'))
  fc.assert(
    fc.property(fc.nat({ max: 5 }), fc.array(fc.integer({ min: 1, max: 40 })), (count, cuts) => {
      const counter = new EchoCounter(frame)
      let bytes = Buffer.concat(Array.from({ length: count }, () => frame))
      let echoes = 0
      for (const cut of [...cuts, bytes.length]) {
        echoes += counter.take(bytes.subarray(0, cut))
        bytes = bytes.subarray(cut)
      }
      t.equal(echoes, count)
    }),
  )
})

t.test('an echo that differs is noticed', async (t) => {
  const frame = serverFrame(Buffer.from('hello, kernel'))
  const wrong = Buffer.from(frame)
  wrong[6] = 0
  t.throws(() => new EchoCounter(frame).take(wrong), /differs/)
  const second = new EchoCounter(frame)
  second.take(frame)
  t.throws(() => second.take(Buffer.from('HTTP/1.1 400')), /differs/)
})
