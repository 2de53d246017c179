import type { IncomingHttpHeaders } from 'node:http'
import { parse as parseCookies } from 'cookie'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { newBearerToken } from '../../src/auth/bearer.ts'
import { requestHeaders, responseHeaders, type SessionHeaders } from '../../src/proxy/headers.ts'

const client = { address: '192.0.2.7', scheme: 'https' } as const
const stripping: SessionHeaders = {
  prefix: '/s/abc',
  keepsPrefix: false,
  ide: {},
  upstream: ['10.0.0.5:8888'],
}
const keeping: SessionHeaders = {
  prefix: '/s/abc',
  keepsPrefix: true,
  ide: { authorization: 'token t' },
  upstream: [],
}

t.test('a Refresh leads where a Location would', async (t) => {
  const cases: [refresh: string, seen: string][] = [
    ['5', '5'],
    ['0; url=/next', '0; url=/s/abc/next'],
    ['0;URL=/next?a=b;c', '0; url=/s/abc/next?a=b;c'],
    ['1.5, "/next"', '1.5; url="/s/abc/next"'],
    ["3; url='http://10.0.0.5:8888/x' y", "3; url='/s/abc/x'"],
    ['0; url=next', '0; url=next'],
    ['0; url=https://elsewhere.example/', '0; url=https://elsewhere.example/'],
    ['0; url=//bench.example//evil', '0; url=/s/abc/evil'],
    ['nonsense', 'nonsense'],
  ]
  for (const [refresh, seen] of cases) {
    t.equal(responseHeaders({ refresh }, 'bench.example', stripping)['refresh'], seen, refresh)
  }
})

const request = (headers: IncomingHttpHeaders) => ({ headers, url: '/s/abc/a?b=%20c' })

t.test('an IDE gets what the browser said, and from us who asks', async (t) => {
  const headers = requestHeaders(
    request({
      host: 'bench.example',
      origin: 'https://bench.example',
      'user-agent': 'x',
      authorization: 'Bearer of-the-browser',
      cookie: 'theme=dark; atelier-1f2e=secret; _xsrf=1',
    }),
    client,
    stripping,
  )
  t.same(headers, {
    host: 'bench.example',
    origin: 'https://bench.example',
    'user-agent': 'x',
    authorization: 'Bearer of-the-browser',
    cookie: 'theme=dark; _xsrf=1',
    'x-forwarded-for': '192.0.2.7',
    'x-real-ip': '192.0.2.7',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'bench.example',
    'x-forwarded-prefix': '/s/abc',
  })
})

t.test('what a browser may not say to an IDE is left out', async (t) => {
  const headers = requestHeaders(
    request({
      connection: 'keep-alive, X-Secret , X-Forwarded-For, cookie2, host',
      host: 'bench.example',
      'keep-alive': '300',
      'proxy-authorization': 'Basic x',
      'proxy-connection': 'keep-alive',
      'http2-settings': 'AAMAAABkAAQAAP__',
      'transfer-encoding': 'chunked',
      te: 'trailers',
      trailer: 'x',
      upgrade: 'h2c',
      expect: '100-continue',
      forwarded: 'for=1.2.3.4',
      'x-secret': 'x',
      'x-forwarded-for': '1.2.3.4',
      'x-forwarded-user': 'root',
      'x-real-ip': '1.2.3.4',
      'x-atelier-user': 'root',
      authorization: 'Bearer of-the-browser',
      cookie: 'atelier-1f2e=secret',
    }),
    client,
    keeping,
  )
  t.same(headers, {
    host: 'bench.example',
    authorization: 'token t',
    'x-forwarded-for': '192.0.2.7',
    'x-real-ip': '192.0.2.7',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'bench.example',
  })
})

t.test('an IDE that wants to know it gets the whole URL of the browser', async (t) => {
  const ofRequest = (url: string) => ({ 'x-whole': url })
  const headers = requestHeaders(
    request({ host: 'bench.example', 'x-whole': 'http://evil.example/' }),
    client,
    { ...stripping, ofRequest },
  )
  t.equal(headers['x-whole'], 'https://bench.example/s/abc/a?b=%20c')
})

t.test('our cookies never reach an IDE, however they are written', async (t) => {
  const cases: [cookie: string, seen: string | undefined][] = [
    ['a=1;atelier=x;b=2', 'a=1;b=2'],
    ['ATELIER-9=x; a=1', 'a=1'],
    ['a=1; atelier-1=x; atelier-1=y', 'a=1'],
    ['__Host-atelier=x; a="q; atelier=z"', 'a="q'],
    ['a="q', 'a="q'],
    ['my-atelier=1', 'my-atelier=1'],
    ['atelier-1=x', undefined],
    [' \tatelier =x; a=1', 'a=1'],
  ]
  for (const [cookie, seen] of cases) {
    t.equal(requestHeaders(request({ cookie }), client, stripping)['cookie'], seen, cookie)
  }
})

t.test('a token of our API never reaches an IDE, however it is written', async (t) => {
  const cases: [authorization: string, passes: boolean][] = [
    [`Bearer ${newBearerToken()}`, false],
    [`bearer  ${newBearerToken()}`, false],
    ['BEARER atl_', false],
    ['Bearer atl_damaged token', false],
    ['Bearer of-the-browser', true],
    ['Basic YTpi', true],
    ['token atl', true],
  ]
  for (const [authorization, passes] of cases) {
    const seen = requestHeaders(request({ authorization }), client, stripping)['authorization']
    t.equal(seen, passes ? authorization : undefined, authorization)
    const own = requestHeaders(request({ authorization }), client, keeping)['authorization']
    t.equal(own, 'token t', 'and the one of the IDE is always there')
  }
})

t.test('a browser gets what the IDE said, without what belongs to the hop', async (t) => {
  const headers = responseHeaders(
    {
      connection: 'close, X-Hop',
      'keep-alive': 'timeout=5',
      'proxy-authenticate': 'Basic',
      'transfer-encoding': 'chunked',
      trailer: 'x',
      upgrade: 'h2c',
      'x-hop': '1',
      'x-atelier-user': 'root',
      'clear-site-data': '"cookies"',
      'strict-transport-security': 'max-age=1',
      'alt-svc': 'h3=":1"',
      'service-worker-allowed': '/',
      'retry-after': '7',
      'content-type': 'text/plain',
      link: ['<a>', '<b>'] as unknown as string,
    },
    'bench.example',
    stripping,
  )
  t.same(headers, {
    'service-worker-allowed': '/s/abc/',
    'retry-after': '7',
    'content-type': 'text/plain',
    link: ['<a>', '<b>'],
  })
})

t.test("an IDE's cookies are for its session only", async (t) => {
  const cases: [cookie: string, strips: string | undefined, keeps?: string][] = [
    ['a=1', 'a=1'],
    ['a=1; HttpOnly', 'a=1; HttpOnly'],
    ['a=1; Path=/', 'a=1; Path=/s/abc/'],
    ['a=1; path=/lab; Secure', 'a=1; Secure; Path=/s/abc/lab', 'a=1; Secure; Path=/s/abc/'],
    ['a=1; Path=/s/abc/lab', 'a=1; Path=/s/abc/lab'],
    ['a=1; Path=/s/abc', 'a=1; Path=/s/abc/'],
    ['a=1; Path=/s/abcd/', 'a=1; Path=/s/abc/s/abcd/', 'a=1; Path=/s/abc/'],
    ['a=1; Path=/s/abc/; Path=/', 'a=1; Path=/s/abc/'],
    ['a=1; Path=lab', 'a=1'],
    ['a=1; Domain=.example; PATH = /', 'a=1; Path=/s/abc/'],
    ['a=1; domain=bench.example', 'a=1'],
    ['atelier-1f2e=evil; Path=/', undefined],
    [' Atelier=evil', undefined],
    ['__Host-atelier-1=evil; Secure; Path=/', undefined],
    ['=atelier-1f2e=evil', undefined],
    ['atelier-1f2e', undefined],
  ]
  for (const [cookie, strips, keeps = strips] of cases) {
    for (const [scope, seen] of [
      [stripping, strips],
      [keeping, keeps],
    ] as const) {
      const headers = responseHeaders({ 'set-cookie': [cookie] }, 'bench.example', scope)
      t.same(headers['set-cookie'], seen && [seen], `${cookie} (${scope.keepsPrefix})`)
    }
  }
})

t.test('a redirect of an IDE stays in its session, and the prefix is never doubled', async (t) => {
  const cases: [location: string, strips: string, keeps: string][] = [
    ['/lab', '/s/abc/lab', '/lab'],
    ['/', '/s/abc/', '/'],
    ['/s/abc/lab?x#y', '/s/abc/lab?x#y', '/s/abc/lab?x#y'],
    ['/s/abc', '/s/abc', '/s/abc'],
    ['/s/abcd/', '/s/abc/s/abcd/', '/s/abcd/'],
    ['./lab', './lab', './lab'],
    ['lab?x', 'lab?x', 'lab?x'],
    ['?x', '?x', '?x'],
    ['http://bench.example/lab?x#y', '/s/abc/lab?x#y', '/lab?x#y'],
    ['https://BENCH.example:443/lab', '/s/abc/lab', '/lab'],
    ['//bench.example/lab', '/s/abc/lab', '/lab'],
    ['http://bench.example/s/abc/lab', '/s/abc/lab', '/s/abc/lab'],
    ['http://bench.example//evil/', '/s/abc/evil/', '/evil/'],
    ['http://10.0.0.5:8888/lab', '/s/abc/lab', 'http://10.0.0.5:8888/lab'],
    [
      'https://login.example/oauth?x',
      'https://login.example/oauth?x',
      'https://login.example/oauth?x',
    ],
    ['vscode://x/y', 'vscode://x/y', 'vscode://x/y'],
    ['http://[', 'http://[', 'http://['],
  ]
  for (const [location, strips, keeps] of cases) {
    const seen = (scope: SessionHeaders) =>
      responseHeaders({ location }, 'bench.example', scope).location
    t.equal(seen(stripping), strips, location)
    t.equal(seen(keeping), keeps, location)
  }
})

const hop = ['connection', 'keep-alive', 'te', 'upgrade', 'proxy-authorization', 'x-hop']
const odd = ['cookie', 'authorization', 'x-forwarded-for', 'x-atelier-user', 'host', 'expect']
const headerName = fc.oneof(
  fc.constantFrom(...hop, ...odd),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/),
)
const headerValue = fc.oneof(
  fc.constantFrom(
    'x-hop, Cookie',
    'host, x-y',
    'atelier-1=x; a=1; ATELIER=y',
    'Bearer atl_x',
    'bearer\tatl_',
    'Bearer x',
  ),
  fc.string({ unit: 'grapheme-ascii', maxLength: 20 }),
)
const anyHeaders = fc.dictionary(headerName, headerValue, { noNullPrototype: true, maxKeys: 8 })

t.test('whatever a browser sends, an IDE gets nothing of the hop and nothing of ours', (t) => {
  fc.assert(
    fc.property(anyHeaders, fc.boolean(), (headers, keeps) => {
      const out = requestHeaders(request(headers), client, keeps ? keeping : stripping)
      for (const name of Object.keys(out)) {
        assert.ok(!(hop.slice(0, 5).includes(name) || name.startsWith('x-atelier-')), name)
      }
      assert.equal(out['x-forwarded-for'], client.address)
      assert.equal(out['host'], headers['host'])
      assert.doesNotMatch(out['authorization'] ?? '', /^\s*bearer\s+atl_/i)
      for (const name of Object.keys(parseCookies(out['cookie'] ?? ''))) {
        assert.doesNotMatch(name, /^atelier/i)
      }
    }),
    { numRuns: 500 },
  )
  t.end()
})

const cookiePiece = fc.constantFrom(
  'atelier-1',
  'ATELIER',
  '__Host-atelier',
  'a',
  'my-atelier',
  '=',
  ';',
  '; ',
  ' ',
  '\t',
  '"',
  'Path',
  'path',
  'Domain',
  'DOMAIN',
  '/',
  '/s/abc',
  '/s/abcd',
  'x.example',
  'HttpOnly',
  ',',
)
const cookieText = fc.array(cookiePiece, { maxLength: 12 }).map((pieces) => pieces.join(''))

t.test('of the cookies of a browser an IDE gets all but ours, and as they were', (t) => {
  fc.assert(
    fc.property(cookieText, (cookie) => {
      const others = Object.entries(parseCookies(cookie)).filter(
        ([name]) => name !== '' && !/^(__host-|__secure-)?atelier/i.test(name),
      )
      const seen = requestHeaders(request({ cookie }), client, stripping)['cookie'] ?? ''
      const named = Object.entries(parseCookies(seen)).filter(([name]) => name !== '')
      assert.deepEqual(named, others)
    }),
    { numRuns: 1000 },
  )
  t.end()
})

t.test('whatever cookie an IDE sets, it is below the session, for this host, and not ours', (t) => {
  fc.assert(
    fc.property(cookieText, fc.boolean(), (cookie, keeps) => {
      const out = responseHeaders({ 'set-cookie': [cookie] }, 'h', keeps ? keeping : stripping)
      for (const confined of out['set-cookie'] ?? []) {
        // As a browser reads it (RFC 6265, 5.2).
        const [pair = '', ...attributes] = confined.split(';')
        const name = pair.slice(0, Math.max(0, pair.indexOf('='))).trim()
        assert.notEqual(name, '')
        assert.doesNotMatch(name, /^(__host-|__secure-)?atelier/i)
        for (const attribute of attributes) {
          const [key = '', value = ''] = attribute.split('=').map((part) => part.trim())
          assert.notEqual(key.toLowerCase(), 'domain')
          if (key.toLowerCase() === 'path') assert.ok(value.startsWith('/s/abc/'), confined)
        }
      }
    }),
    { numRuns: 1000 },
  )
  t.end()
})

const locationPiece = fc.constantFrom(
  '/',
  '//',
  '\\',
  '.',
  '..',
  '/../',
  '%2e%2e',
  's/abc',
  '/s/abc',
  '/s/abcd',
  '?',
  '#',
  ':',
  'http:',
  'https:',
  'http://bench.example',
  '//bench.example',
  '10.0.0.5:8888',
  '@',
  'x',
  '\t',
)
const anyLocation = fc.array(locationPiece, { maxLength: 8 }).map((pieces) => pieces.join(''))

t.test('an address on our own host that an IDE below its prefix names stays below it', (t) => {
  const base = 'http://bench.example/s/abc/'
  fc.assert(
    fc.property(anyLocation, (location) => {
      const confined = responseHeaders({ location }, 'bench.example', stripping).location ?? ''
      // A relative one, or the start of a URL that is none, means what the browser makes of it.
      if (!/^(\/|https?:[/\\]{2})/i.test(location) || !URL.canParse(confined, base)) return
      const url = new URL(confined, base)
      if (url.host !== 'bench.example') return
      assert.match(url.pathname, /^\/s\/abc(\/|$)/, JSON.stringify([location, confined]))
    }),
    { numRuns: 3000 },
  )
  t.end()
})

t.test('a path never becomes the name of a host', (t) => {
  const path = anyLocation.map((location) => `/${location.replace(/^[/\\\t]+/, '')}`)
  const base = 'http://bench.example/s/abc/'
  fc.assert(
    fc.property(path, fc.boolean(), (location, keeps) => {
      const scope = keeps ? keeping : stripping
      const confined = responseHeaders({ location }, 'bench.example', scope).location ?? ''
      assert.ok(URL.canParse(confined, base))
      assert.equal(new URL(confined, base).host, 'bench.example')
    }),
    { numRuns: 1000 },
  )
  t.end()
})
