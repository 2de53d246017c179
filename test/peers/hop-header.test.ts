import type { IncomingMessage } from 'node:http'
import t from 'tap'
import { SealedHops } from '../../src/peers/sealed-hops.ts'

const KEY = Buffer.alloc(32, 'a')
const CLIENT = { address: '192.0.2.7', scheme: 'https' } as const
const LINE = { method: 'POST', url: '/s/abc/x?y=1' }

function node(name: string, { key = KEY, now = 1000 } = {}): SealedHops {
  return new SealedHops({ key, node: name, now: () => now })
}

function arrived(header: string, line: { method?: string; url?: string } = {}): IncomingMessage {
  return { ...LINE, ...line, headers: { 'x-atelier-hop': header } } as unknown as IncomingMessage
}

const sealed = (now = 1000, key = KEY) =>
  node('a', { now, key }).seal(LINE, { session: 'abc', to: 'b', client: CLIENT })

t.test('a hop is opened by the node that it is for', async (t) => {
  const hop = { session: 'abc', from: 'a', to: 'b', hop: 1, time: 1000, client: CLIENT }
  t.same(node('b').open(arrived(sealed())), hop)
  t.equal(node('b').open({ headers: {} } as IncomingMessage), undefined, 'a browser has none')
})

t.test('what it is about is found out once for each request', async (t) => {
  let now = 1000
  const hops = new SealedHops({ key: KEY, node: 'b', now: () => now })
  const request = arrived(sealed())
  const hop = hops.open(request)
  now += 120_000
  t.equal(hops.open(request), hop)
  t.throws(() => hops.open(arrived(sealed())), { code: 'HOP_REFUSED' })
})

t.test('a hop of another request, node or time, or with another key, is refused', async (t) => {
  const refused = (what: string, request: IncomingMessage, at = node('b')): void => {
    t.throws(() => at.open(request), { code: 'HOP_REFUSED' }, what)
    t.throws(() => at.open(request), { code: 'HOP_REFUSED' }, `${what}, also the second time`)
  }
  refused('another method', arrived(sealed(), { method: 'GET' }))
  refused('another path', arrived(sealed(), { url: '/s/abc/y?y=1' }))
  refused('another query', arrived(sealed(), { url: '/s/abc/x?y=2' }))
  refused('another node', arrived(sealed()), node('c'))
  refused('another key', arrived(sealed(1000, Buffer.alloc(32, 'b'))))
  refused('too old', arrived(sealed()), node('b', { now: 61_001 }))
  refused('too new', arrived(sealed(61_001)))
  t.ok(node('b', { now: 61_000 }).open(arrived(sealed())), 'clocks may be a minute apart')
})

t.test('a header that was changed, or is none, is refused', async (t) => {
  const [text = '', seal = ''] = sealed().split('.')
  const hop = JSON.parse(Buffer.from(text, 'base64url').toString()) as object
  const changed = (changes: object) =>
    `${Buffer.from(JSON.stringify({ ...hop, ...changes })).toString('base64url')}.${seal}`
  const headers = [
    changed({ session: 'other' }),
    changed({ from: 'c' }),
    changed({ time: 1001 }),
    changed({ hop: 0 }),
    changed({ client: { ...CLIENT, address: '127.0.0.1' } }),
    changed({ client: { ...CLIENT, scheme: 'http' } }),
    `${text}.`,
    text,
    `.${seal}`,
    `${text}.${seal}.${seal}`,
    `${text}.${seal.slice(1)}`,
    `${sealed()}, ${sealed()}`,
    '',
    '.',
    'x'.repeat(100_000),
  ]
  for (const header of headers) {
    t.throws(() => node('b').open(arrived(header)), { code: 'HOP_REFUSED' }, header.slice(0, 60))
  }
})
