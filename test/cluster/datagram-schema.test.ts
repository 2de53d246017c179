import fc from 'fast-check'
import t from 'tap'
import { MAX_META_BYTES, MetaTooLargeError } from '../../cluster/index.ts'
import { parseDatagram } from '../../cluster/datagram-schema.ts'
import { metaFromWire, toWire, wireMetaSchema } from '../../cluster/wire-meta.ts'
import { memberOf, META } from './cluster-of.ts'
import { compound, GHOST, HOSTILE, message } from './hostile-datagrams.ts'

const NOW = 1_800_000_000_000

t.test(
  'nothing hostile becomes a message, except a ping-req that the membership refuses',
  async (t) => {
    for (const [what, payload] of HOSTILE) {
      const { messages, malformed } = parseDatagram(payload, NOW)
      if (what === 'ping-req to a stranger') {
        t.match(messages, [{ type: 'pingreq', data: { destination: '192.0.2.1:53' } }], what)
      } else {
        t.same(messages, [], what)
        t.ok(malformed > 0, what)
      }
    }
  },
)

t.test('good messages beside a bad one are taken', async (t) => {
  const { messages, malformed } = parseDatagram(
    compound(message(10, { seq: 7 }), message(14, null), GHOST, message(99, {})),
    NOW,
  )
  t.match(messages, [
    { type: 'ping', data: { seq: 7 } },
    { type: 'update', data: { state: 0 } },
  ])
  t.equal(malformed, 2)
})

t.test('an incarnation may be a day ahead', async (t) => {
  const { messages } = parseDatagram(GHOST, NOW - 24 * 3_600_000)
  t.equal(messages.length, 1)
  t.equal(parseDatagram(GHOST, NOW - 24 * 3_600_000 - 1).messages.length, 0)
})

t.test('whatever bytes come, parsing answers', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1300 }), (bytes) => {
      const { messages, malformed } = parseDatagram(Buffer.from(bytes), NOW)
      return messages.length + malformed > 0
    }),
    { numRuns: 2000 },
  )
})

t.test('what newer versions add is passed on as it came', async (t) => {
  const newer = { ...toWire(memberOf('a')), zone: 'east', weight: 3, spare: true }
  t.same(wireMetaSchema.parse(JSON.parse(JSON.stringify(newer))), newer)
})

t.test('a member reads back what it tells', async (t) => {
  const meta = { version: '1.2.3', sessions: 12, load: 0.5, draining: true }
  t.same(metaFromWire(toWire(memberOf('a', { meta }))), meta)
  t.equal(toWire(memberOf('a', { meta: { ...META, load: 0.123_456 } })).l, 0.12)
})

t.test('what does not fit is refused before anybody is told', async (t) => {
  const long = `http://${'x'.repeat(190)}`
  t.throws(() => toWire(memberOf('n'.repeat(150), { url: long })), MetaTooLargeError)
  const fits = toWire(memberOf('n'.repeat(60), { url: `https://${'h'.repeat(120)}:8787` }), 2)
  t.ok(Buffer.byteLength(JSON.stringify(fits)) <= MAX_META_BYTES)
  t.throws(() => toWire(memberOf('a b\n')), { message: /as its name/ })
  t.throws(() => toWire(memberOf('a', { url: 'ftp://x' })), { message: /as its URL: ftp/ })
  t.throws(() => toWire(memberOf('a', { meta: { ...META, sessions: -1 } })), {
    message: /number of sessions: -1/,
  })
})
