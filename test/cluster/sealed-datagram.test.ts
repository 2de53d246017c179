import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { gossipKey } from '../../cluster/index.ts'
import { DatagramSeal, MAX_DATAGRAM_BYTES, SEAL_BYTES } from '../../cluster/sealed-datagram.ts'

const START = 1_800_000_000_000
const [first, second, third] = ['one', 'two', 'three'].map((secret) => gossipKey(secret))

function sealOf({
  keys = [first],
  label = 'cluster',
  at = () => START,
}: {
  keys?: readonly (Uint8Array | undefined)[]
  label?: string
  at?: () => number
} = {}): DatagramSeal {
  return new DatagramSeal({
    keys: keys.filter((key) => key !== undefined),
    label,
    clock: { wall: at, monotonic: at },
  })
}

const payload = Buffer.from('ping')

t.test('a member opens what a member sealed', async () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: MAX_DATAGRAM_BYTES - SEAL_BYTES }),
      (bytes) => {
        const datagram = sealOf().seal(bytes)
        const opened = sealOf().open(datagram)
        return (
          datagram.length === bytes.length + SEAL_BYTES &&
          'payload' in opened &&
          opened.payload.equals(bytes)
        )
      },
    ),
  )
})

t.test('no sealed datagram is like another, and none shows what it carries', async (t) => {
  const seal = sealOf()
  const text = Buffer.alloc(64, 'x')
  const datagrams = Array.from({ length: 100 }, () => Buffer.from(seal.seal(text)).toString('hex'))
  t.equal(new Set(datagrams).size, 100)
  t.notOk(datagrams.some((datagram) => datagram.includes('787878')))
})

t.test('keys are changed while the cluster runs', async (t) => {
  const steps = {
    before: sealOf({ keys: [first] }),
    adding: sealOf({ keys: [first, second] }),
    changing: sealOf({ keys: [second, first] }),
    after: sealOf({ keys: [second] }),
  }
  const talk = (a: DatagramSeal, b: DatagramSeal) =>
    'payload' in a.open(b.seal(payload)) && 'payload' in b.open(a.seal(payload))
  t.ok(talk(steps.before, steps.adding))
  t.ok(talk(steps.adding, steps.changing))
  t.ok(talk(steps.changing, steps.after))
  t.notOk(talk(steps.before, steps.after))
})

t.test('what is not to be trusted is refused with the reason', async (t) => {
  let now = START
  const seal = sealOf({ at: () => now })
  const good = seal.seal(payload)
  t.same(seal.open(Buffer.alloc(0)), { rejected: 'too-short' })
  t.same(seal.open(good.subarray(0, SEAL_BYTES)), { rejected: 'too-short' })
  t.same(seal.open(Buffer.alloc(MAX_DATAGRAM_BYTES + 1)), { rejected: 'too-large' })
  t.same(sealOf({ keys: [third] }).open(good), { rejected: 'unknown-key' })
  t.same(sealOf({ label: 'another' }).open(good), { rejected: 'bad-seal' })
  for (let at = 1; at < good.length; at++) {
    const damaged = Buffer.from(good)
    damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at)
    t.same(seal.open(damaged), { rejected: 'bad-seal' }, `byte ${at}`)
  }
  t.same(seal.open(good), { payload })
  t.same(seal.open(good), { rejected: 'replayed' })
  for (const [offset, expected] of [
    [60_000, undefined],
    [60_001, 'wrong-time'],
    [-60_000, undefined],
    [-60_001, 'wrong-time'],
  ] as const) {
    now = START
    const datagram = seal.seal(payload)
    now = START + offset
    const opened = seal.open(datagram)
    t.equal('rejected' in opened ? opened.rejected : undefined, expected, `${offset} ms late`)
  }
})

t.test('a recording is refused for as long as its time is good', async (t) => {
  let now = START
  const seal = sealOf({ at: () => now })
  const ahead = sealOf({ at: () => now + 59_000 }).seal(payload)
  t.same(seal.open(ahead), { payload })
  for (; now < START + 120_000; now += 500) {
    t.match(seal.open(seal.seal(payload)), { payload }, 'others pass')
    t.match(seal.open(ahead), { rejected: /^(replayed|wrong-time)$/ }, `${now - START} ms later`)
  }
})

t.test('keys that are no keys are refused', async (t) => {
  t.throws(() => sealOf({ keys: [] }), { message: 'the gossip needs a key' })
  t.throws(() => sealOf({ keys: [randomBytes(16)] }), { message: /32 bytes/ })
  t.equal(gossipKey('secret').length, 32)
  t.notSame(gossipKey('secret'), gossipKey('Secret'))
})
