import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { comesFromUs } from '../../src/auth/origin.ts'

const host = 'work.example:8787'
const own = `http://${host}`

const requests: [
  name: string,
  method: string,
  headers: Record<string, string>,
  allowed: boolean,
][] = [
  ['a program without a browser', 'POST', {}, true],
  ['our own page', 'POST', { origin: own, 'sec-fetch-site': 'same-origin' }, true],
  ['our own page behind TLS', 'DELETE', { origin: `https://${host}` }, true],
  ['another site', 'POST', { origin: 'https://evil.example' }, false],
  ['another port of this host', 'POST', { origin: 'http://work.example:9999' }, false],
  ['a longer name', 'POST', { origin: `http://${host}.evil.example` }, false],
  ['a name that ends in ours', 'POST', { origin: `http://evil-${host}` }, false],
  ['a sandboxed page', 'POST', { origin: 'null' }, false],
  ['another site without Origin', 'POST', { 'sec-fetch-site': 'cross-site' }, false],
  ['a file', 'PATCH', { origin: 'file://work.example:8787' }, false],
  [
    'a link from elsewhere',
    'GET',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    true,
  ],
  [
    'an iframe elsewhere',
    'GET',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    false,
  ],
  [
    'an image elsewhere',
    'GET',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
    false,
  ],
  [
    'another port with no-cors',
    'GET',
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' },
    false,
  ],
  ['a typed address', 'GET', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }, true],
]

t.test('only our own pages and programs that are no browser may make requests', async (t) => {
  for (const [name, method, headers, allowed] of requests) {
    t.equal(comesFromUs({ method, headers: { host, ...headers } }, 'request'), allowed, name)
  }
})

t.test('an upgrade must name our own origin', async (t) => {
  const origins: [string | undefined, boolean][] = [
    [undefined, false],
    [own, true],
    [`https://${host}`, true],
    ['http://work.example', false],
    ['null', false],
    ['', false],
    ['http://work.example:8787.evil.example', false],
    ['http://user@work.example:8787', true],
    ['http://evil.example#work.example:8787', false],
    ['http://evil.example\\@work.example:8787', false],
    ['javascript:work.example:8787', false],
  ]
  for (const [origin, allowed] of origins) {
    const headers = { host, ...(origin !== undefined && { origin }) }
    t.equal(comesFromUs({ method: 'GET', headers }, 'upgrade'), allowed, origin ?? 'no Origin')
  }
  t.equal(comesFromUs({ method: 'GET', headers: { origin: own } }, 'upgrade'), false, 'no Host')
})

t.test('the standard port of an origin may be written or left out', async (t) => {
  const headers = { host: 'work.example:80', origin: 'http://work.example' }
  t.equal(comesFromUs({ method: 'POST', headers }, 'request'), true)
})

t.test('no other host passes for ours, however its origin is written', async () => {
  const hostName = fc.domain().map((name) => name.toLowerCase())
  const piece = fc.constantFrom(
    '@',
    '#',
    '?',
    '/',
    '\\',
    ':',
    '.',
    '%40',
    '\t',
    ' ',
    host,
    'http://',
  )
  const around = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(hostName, around, around, fc.boolean(), (name, before, after, secure) => {
      const origin = `http${secure ? 's' : ''}://${before}${name}${after}`
      const named = URL.canParse(origin) ? new URL(origin).host : undefined
      if (named === host) return
      const headers = { host, origin }
      assert.equal(comesFromUs({ method: 'GET', headers }, 'upgrade'), false, origin)
      assert.equal(comesFromUs({ method: 'POST', headers }, 'request'), false, origin)
    }),
    { numRuns: 1000 },
  )
  const header = fc.string({ unit: 'binary' })
  fc.assert(
    fc.property(header, header, (ownHost, origin) => {
      const isOurs = comesFromUs({ method: 'GET', headers: { host: ownHost, origin } }, 'upgrade')
      if (isOurs) assert.equal(new URL(origin).host, new URL(`http://${ownHost}`).host)
    }),
  )
})
