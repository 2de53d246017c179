import { META } from './cluster-of.ts'

const PING = 10
const PING_REQ = 11
const SYNC = 12
const ACK = 13
const UPDATE = 14

/** One message of swim's as it travels: its type, and anything at all as JSON. */
export function message(type: number, data: unknown): Buffer {
  return raw(type, JSON.stringify(data) ?? '')
}

/** Several messages in one, as they travel. */
export function compound(...parts: readonly Buffer[]): Buffer {
  const lengths = parts.map((part) => {
    const length = Buffer.alloc(2)
    length.writeUInt16LE(part.length)
    return length
  })
  const head = Buffer.alloc(3)
  head.writeUInt16LE(parts.length, 1)
  return Buffer.concat([head, ...parts.flatMap((part, i) => [lengths[i] ?? Buffer.alloc(0), part])])
}

const wire = { n: 'ghost', b: 'boot', t: 1, u: 'http://ghost:1', v: META.version, s: 0, l: 0 }
const update = { host: '10.9.9.9:7946', state: 0, incarnation: 1_800_000_000_000, meta: wire }

/**
 * What no member sends, though it holds the key. The first part are the single datagrams that kill a process of plain swim 0.6
 * or poison it; none may add a member.
 */
export const HOSTILE: readonly (readonly [what: string, payload: Buffer])[] = [
  ['nothing', Buffer.alloc(0)],
  ['ping of null', message(PING, null)],
  ['ack of null', message(ACK, null)],
  ['sync of null', message(SYNC, null)],
  ['update of null', message(UPDATE, null)],
  ['ping-req without destination', message(PING_REQ, { seq: 1 })],
  ['ping-req to a number', message(PING_REQ, { seq: 1, destination: 7 })],
  ['ping-req without port', message(PING_REQ, { seq: 1, destination: '10.0.0.1' })],
  ['ping-req to port 99999', message(PING_REQ, { seq: 1, destination: '10.0.0.1:99999' })],
  ['ping-req to a name', message(PING_REQ, { seq: 1, destination: 'nobody.invalid:7946' })],
  ['ping-req to bare IPv6', message(PING_REQ, { seq: 1, destination: '::1:7000' })],
  ['ping-req to a stranger', message(PING_REQ, { seq: 1, destination: '192.0.2.1:53' })],
  ['sync without host', message(SYNC, { ...update, host: undefined })],
  ['sync of a suspect', message(SYNC, { ...update, state: 1 })],
  ['update of host 7', message(UPDATE, { ...update, host: 7 })],
  ['update without port', message(UPDATE, { ...update, host: '10.9.9.9' })],
  ['update without host', message(UPDATE, { ...update, host: undefined })],
  ['update of __proto__', message(UPDATE, { ...update, host: '__proto__' })],
  ['update of constructor', message(UPDATE, { ...update, host: 'constructor' })],
  ['update of a name', message(UPDATE, { ...update, host: 'nobody.invalid:7946' })],
  ['update of port 0', message(UPDATE, { ...update, host: '10.9.9.9:0' })],
  [
    'meta nested deep',
    raw(UPDATE, `{"host":"10.9.9.9:7946","meta":${'['.repeat(400)}${']'.repeat(400)}}`),
  ],
  ['never closed', raw(UPDATE, '['.repeat(1100))],
  ['meta missing', message(UPDATE, { ...update, meta: undefined })],
  ['meta a text', message(UPDATE, { ...update, meta: 'ghost' })],
  ['meta without name', message(UPDATE, { ...update, meta: { ...wire, n: undefined } })],
  ['meta with an empty name', message(UPDATE, { ...update, meta: { ...wire, n: '' } })],
  ['meta with a line feed', message(UPDATE, { ...update, meta: { ...wire, n: 'a\nb' } })],
  [
    'meta with a URL of a script',
    message(UPDATE, { ...update, meta: { ...wire, u: 'javascript:alert(1)' } }),
  ],
  [
    'meta with a URL and a password',
    message(UPDATE, { ...update, meta: { ...wire, u: 'http://a:b@c' } }),
  ],
  [
    'meta too large',
    message(UPDATE, {
      ...update,
      meta: { ...wire, extra: 'x'.repeat(190), more: 'x'.repeat(190) },
    }),
  ],
  ['meta with more inside', message(UPDATE, { ...update, meta: { ...wire, extra: { deep: 1 } } })],
  ['sessions below 0', message(UPDATE, { ...update, meta: { ...wire, s: -1 } })],
  ['sessions a text', message(UPDATE, { ...update, meta: { ...wire, s: '1' } })],
  [
    'load beyond numbers',
    raw(
      UPDATE,
      JSON.stringify({ ...update, meta: { ...wire, l: 7 } }).replace('"l":7', '"l":1e999'),
    ),
  ],
  ['incarnation 2^53-1', message(UPDATE, { ...update, incarnation: Number.MAX_SAFE_INTEGER })],
  ['incarnation 1e308', message(UPDATE, { ...update, incarnation: 1e308 })],
  ['incarnation a text', message(UPDATE, { ...update, incarnation: '9' })],
  ['incarnation below 0', message(UPDATE, { ...update, incarnation: -1 })],
  ['incarnation 1.5', message(UPDATE, { ...update, incarnation: 1.5 })],
  ['state 3', message(UPDATE, { ...update, state: 3 })],
  ['state a text', message(UPDATE, { ...update, state: '0' })],
  ['seq a text', message(ACK, { seq: 'toString' })],
  ['seq __proto__', message(ACK, { seq: '__proto__' })],
  ['seq 1e300', message(PING, { seq: 1e300 })],
  ['a list', message(UPDATE, [update])],
  ['no JSON', raw(PING, 'ping')],
  ['no text', Buffer.concat([Buffer.of(PING), Buffer.alloc(50, 0xff)])],
  ['type alone', Buffer.of(UPDATE)],
  ['compressed', Buffer.of(1, 2, 3, 4)],
  ['encrypted', Buffer.of(2, 2, 3, 4)],
  ['a type nobody knows', message(200, update)],
  ['compound of nothing', compound()],
  ['compound cut short', compound(message(PING, { seq: 1 })).subarray(0, 6)],
  ['compound without count', Buffer.of(0, 1)],
  ['compound of 65535', Buffer.of(0, 0xff, 0xff, 1, 0, PING)],
  ['compound with a rest', Buffer.concat([compound(message(PING, { seq: 1 })), Buffer.of(1)])],
  ['compound of empty parts', compound(Buffer.alloc(0), Buffer.alloc(0))],
  ['compound in compound', compound(compound(message(UPDATE, update)))],
  ['compounds nested deep', nested(300)],
]

/** An update that adds a member: what a member that holds the key is trusted with. */
export const GHOST: Buffer = message(UPDATE, update)

function raw(type: number, text: string): Buffer {
  return Buffer.concat([Buffer.of(type), Buffer.from(text)])
}

function nested(depth: number): Buffer {
  return depth === 0 ? message(PING, { seq: 1 }) : compound(nested(depth - 1))
}
