import { once } from 'node:events'
import { deflateRawSync, constants } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import { compressedAlone, inflateStart } from '../../src/proxy/compression.ts'
import { FrameReader, type Frame } from '../../src/proxy/frame-reader.ts'
import { ask, session, stage, upstream, until } from './stage.ts'
import { browse, webSocketIde } from './web-sockets.ts'

function encode(opcode: number, payload: Buffer, first = 0x80): Buffer {
  const { length } = payload
  const mask = Buffer.of(0x11, 0x22, 0x33, 0x44)
  const long = Buffer.alloc(length < 126 ? 0 : length < 65_536 ? 2 : 8)
  if (long.length === 2) long.writeUInt16BE(length)
  if (long.length === 8) long.writeBigUInt64BE(BigInt(length))
  const size = long.length === 0 ? length : long.length === 2 ? 126 : 127
  const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))
  return Buffer.concat([Buffer.of(first | opcode, 0x80 | size), long, mask, masked])
}

t.test('messages are told however their bytes arrive', async () => {
  const frames = fc.array(
    fc.record({
      opcode: fc.constantFrom(0, 1, 2, 8, 9, 10),
      length: fc.oneof(fc.nat(130), fc.constantFrom(0, 125, 126, 65_535, 65_536)),
    }),
    { maxLength: 8 },
  )
  fc.assert(
    fc.property(frames, fc.infiniteStream(fc.integer({ min: 1, max: 5000 })), (sent, sizes) => {
      const payload = (length: number) => Buffer.alloc(length, 'abcdefg')
      const bytes = Buffer.concat(sent.map(({ opcode, length }) => encode(opcode, payload(length))))
      const told: Frame[] = []
      const reader = new FrameReader({ startBytes: 50, onFrame: (frame) => told.push(frame) })
      for (let at = 0; at < bytes.length;) {
        const size = Number(sizes.next().value)
        reader.take(bytes.subarray(at, at + size))
        at += size
      }
      const messages = sent.filter(({ opcode }) => opcode === 1 || opcode === 2)
      return (
        told.length === messages.length &&
        told.every(({ compressed, length, start }, index) => {
          const wanted = messages[index]?.length ?? -1
          const begins = payload(wanted).subarray(0, 50)
          return !compressed && length === wanted && start.equals(begins)
        })
      )
    }),
    { numRuns: 20 },
  )
})

t.test('any bytes at all are read without an error', async () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (chunks) => {
      const reader = new FrameReader({ startBytes: 16, onFrame: () => undefined })
      for (const chunk of chunks) reader.take(Buffer.from(chunk))
    }),
  )
})

t.test('the beginning of a compressed message can be read', async (t) => {
  const text = 'remoteterminal $input '.repeat(300)
  const compressed = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4)
  t.equal(String(inflateStart(compressed)), text)
  t.ok(text.startsWith(String(inflateStart(compressed.subarray(0, 40)))))
  t.ok((inflateStart(compressed.subarray(0, 40))?.length ?? 0) > 100, 'also when it is cut')
  t.equal(inflateStart(Buffer.from([0xff, 0xff, 0xff])), undefined)
  const bomb = deflateRawSync(Buffer.alloc(50_000_000))
  t.equal(inflateStart(bomb), undefined, 'nor what would fill the memory')
})

t.test('a browser is made to compress each message alone', async (t) => {
  const name = 'sec-websocket-extensions'
  for (const [agreed, wanted] of [
    ['permessage-deflate', 'permessage-deflate; client_no_context_takeover'],
    [
      'permessage-deflate; server_max_window_bits=12',
      'permessage-deflate; server_max_window_bits=12; client_no_context_takeover',
    ],
    [
      'permessage-deflate; client_no_context_takeover',
      'permessage-deflate; client_no_context_takeover',
    ],
    ['x-webkit-deflate-frame', 'x-webkit-deflate-frame'],
  ] as const) {
    t.equal(compressedAlone({ [name]: agreed })[name], wanted)
  }
  t.same(compressedAlone({ server: 'x' }), { server: 'x' })
})

t.test('what a page does by itself is passed on, but no use', async (t) => {
  const ide = await upstream(t)
  ide.server.on('request', (_request, response) => void response.end('ok'))
  const { port, activity } = await stage(t, { sessions: [session('one', ide.path)] })
  t.equal((await ask(port, '/s/one/poll')).status, 200)
  t.same(activity, [])
  t.equal((await ask(port, '/s/one/page')).status, 200)
  t.same(activity, ['used one'])
})

t.test('nor what it sends on a WebSocket, compressed or not', async (t) => {
  const deflate = { perMessageDeflate: { threshold: 0 } }
  const ide = await webSocketIde(t, deflate)
  ide.webSockets.on('connection', (socket) => {
    socket.on('message', (data, binary) => socket.send(data, { binary }))
  })
  const { port, activity } = await stage(t, { sessions: [session('one', ide.path)] })
  const browser = browse(port, '/s/one/ws', [], deflate)
  await once(browser, 'open')
  t.match(browser.extensions, 'permessage-deflate')
  const echo = async (text: string) => {
    browser.send(text)
    await once(browser, 'message')
  }
  for (let times = 0; times < 3; times++) await echo('by itself')
  browser.ping()
  await once(browser, 'pong')
  t.same(activity, [])
  await echo('x'.repeat(2000))
  await until('it is told', () => activity.length === 1)
  t.same(activity, ['used one'])
  browser.close()
})
