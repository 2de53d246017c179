import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { AtelierError } from '../../src/errors.ts'
import { isSessionTraffic } from '../../src/http.ts'
import type { Session } from '../../src/sessions/session.ts'
import { appPath, nextHop, parseRoute } from '../../src/proxy/route.ts'
import { session } from './stage.ts'

const into = (id: string, rest: string) => ({ kind: 'session', id, rest })
const to = (location: string) => ({ kind: 'redirect', location })

t.test('a URL leads into the session that it names, byte for byte', async (t) => {
  const cases: [url: string, id: string, rest: string][] = [
    ['/s/abc/', 'abc', '/'],
    ['/s/abc/lab?x=/../y', 'abc', '/lab?x=/../y'],
    ['/s/abc/?x', 'abc', '/?x'],
    ['/s/A_b-9/a%2Fb|c', 'A_b-9', '/a%2Fb|c'],
    ['/s/abc/..foo/...', 'abc', '/..foo/...'],
    ['/s/abc/./a//b', 'abc', '/./a//b'],
    ['/s/abc/a%5Cb', 'abc', '/a%5Cb'],
    ['/s/abc/%252e%252e/x', 'abc', '/%252e%252e/x'],
    ['/s/abc/q?back\\slash', 'abc', '/q?back\\slash'],
  ]
  for (const [url, id, rest] of cases) t.same(parseRoute(url), into(id, rest), url)
})

t.test('a session without its slash is a redirect to the same host', async (t) => {
  t.same(parseRoute('/s/abc'), to('/s/abc/'))
  t.same(parseRoute('/s/abc?next=//evil'), to('/s/abc/?next=//evil'))
})

t.test(
  'a port below a session leads to the web app there, without its prefix or with it',
  async (t) => {
    const app = (port: number, rest: string, letter: 'p' | 'a' = 'p') => ({
      kind: 'app',
      id: 'abc',
      port,
      prefix: `/s/abc/${letter}/${port}`,
      keepsPrefix: letter === 'a',
      rest,
    })
    t.same(parseRoute('/s/abc/p/8050/'), app(8050, '/'))
    t.same(parseRoute('/s/abc/p/1/a/b%2Fc?x=/p/2/'), app(1, '/a/b%2Fc?x=/p/2/'))
    t.same(parseRoute('/s/abc/a/65535/x'), app(65_535, '/x', 'a'))
    t.same(parseRoute('/s/abc/p/8050'), to('/s/abc/p/8050/'))
    t.same(parseRoute('/s/abc/a/8050?x=//evil'), to('/s/abc/a/8050/?x=//evil'))
    const route = parseRoute('/s/abc/a/80/x?y')
    if (route.kind === 'app') {
      t.equal(appPath(session('abc', '/run/s'), route, 'here'), '/s/abc/a/80/x?y')
      t.equal(appPath(session('abc', '/run/s'), { ...route, keepsPrefix: false }, 'here'), '/x?y')
      t.throws(() => appPath(session('abc', '/run/s'), route, 'x'), { code: 'PORT_NOT_SERVED' })
      for (const [state, code] of [
        ['Starting', 'SESSION_NOT_READY'],
        ['Stopped', 'SESSION_ENDED'],
      ] as const) {
        t.throws(() => appPath(session('abc', '/run/s', { state }), route, 'here'), { code })
      }
    }
    for (const rest of [
      '/p/0/',
      '/p/65536/',
      '/p/080/',
      '/p/12345678/',
      '/p/1a2b3c4d/terminal/x',
    ]) {
      t.same(parseRoute(`/s/abc${rest}`), into('abc', rest), 'the IDE has it')
    }
    for (const rest of [
      '/p',
      '/p/',
      '/p/8050x/',
      '/q/8050/',
      '/x/p/8050/',
      '/P/8050/',
      '/p/%38050/',
    ]) {
      t.same(parseRoute(`/s/abc${rest}`), into('abc', rest), 'the IDE has it')
    }
    for (const rest of ['//evil/', '/%2fevil', '/../8051/', '/%2e%2e/8051/', '/\\x']) {
      t.throws(() => parseRoute(`/s/abc/p/8050${rest}`), { code: 'BAD_REQUEST' }, rest)
    }
  },
)

t.test('whatever is asked of an app stays below its port', async () => {
  const piece = fc.constantFrom(
    '/',
    '..',
    '%2e',
    '%2F',
    '\\',
    '8',
    '0',
    'p',
    'a',
    '?',
    ';',
    '#',
    '//',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const url = `/s/abc/p/${pieces.join('')}`
      let route: ReturnType<typeof parseRoute>
      try {
        route = parseRoute(url)
      } catch {
        return true
      }
      const seen = new URL(url, 'http://host')
      if (route.kind === 'redirect') return new URL(route.location, 'http://host').host === 'host'
      if (route.kind !== 'app') return true
      return (
        seen.pathname.startsWith(`${route.prefix}/`) &&
        route.port >= 1 &&
        route.port <= 65_535 &&
        route.prefix + route.rest === url &&
        new URL(route.rest, 'http://host').host === 'host'
      )
    }),
    { numRuns: 3000 },
  )
})

t.test('what could be read as another path is refused', async (t) => {
  const dots = ['/s/a/../b', '/s/a/%2e%2e/b', '/s/a/.%2E/b', '/s/a/..%2fb', '/s/a/x%2f..%2fb']
  const backslashes = ['/s/a/..\\b', '/s/a/..%5cb', '/s/a/x%5c..%5cb', '/s/a/\\x', '/s/a/%5cx']
  const slashes = ['/s/a//x', '/s/a/%2fx', '//s/a/', '/s//a/', '/s/a/..', '/s/../s/a/']
  const escapes = ['/s/a/%', '/s/a/%zz', '/s/a/%c0%ae%c0%ae/', '/s/a/%ff', '/s/a/x%00y']
  const ids = ['/s/a%2fb/', '/s/%61/', '/s/a.b/', '/s/a;b/', `/s/${'a'.repeat(65)}/`, '/S/a/']
  const others = [
    'http://host/s/a/',
    '*',
    '',
    '/x/s/a/',
    '/s/a/#x',
    '/s/a#x',
    '/s/a/\u00e4',
    '/s/a/ x',
  ]
  const urls = [dots, backslashes, slashes, escapes, ids, others].flat()
  for (const url of urls) t.throws(() => parseRoute(url), { code: 'BAD_REQUEST' }, url)
  for (const url of ['/s', '/s/', '/s?x', '/s/?x']) {
    t.throws(() => parseRoute(url), { code: 'NOT_FOUND' }, url)
  }
})

t.test('whatever is let through, a browser too would call a path below the session', async (t) => {
  const piece = fc.constantFrom(
    '/',
    '..',
    '.',
    '%2e',
    '%2F',
    '%5c',
    '\\',
    'a',
    '%00',
    '%',
    '?',
    ';',
    '@',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const url = `/s/abc/${pieces.join('')}`
      let route: ReturnType<typeof parseRoute>
      try {
        route = parseRoute(url)
      } catch {
        return
      }
      const seen = new URL(url, 'http://host')
      t.equal(seen.host, 'host', url)
      t.ok(seen.pathname.startsWith('/s/abc/'), url)
      t.same(route, into('abc', url.slice('/s/abc'.length)), url)
      if (route.kind === 'session') t.equal(new URL(route.rest, 'http://host').host, 'host', url)
    }),
    { numRuns: 2000 },
  )
})

t.test('the next hop is the IDE, with or without the prefix as the IDE wants it', async (t) => {
  const active = session('abc', '/run/ide.sock')
  t.same(nextHop(active, '/lab?x', { node: 'here', keepsPrefix: true }), {
    location: { kind: 'socket', path: '/run/ide.sock' },
    path: '/s/abc/lab?x',
  })
  t.same(nextHop(active, '/lab?x', { node: 'here', keepsPrefix: false }).path, '/lab?x')
  const remote = { ...active, location: { kind: 'address', host: 'n1', port: 8888 } } as const
  t.same(nextHop(remote, '/', { node: 'elsewhere', keepsPrefix: false }).location, remote.location)
})

t.test('a session that cannot answer has no next hop', async (t) => {
  const cases: [changes: Partial<Session>, code: string][] = [
    [{ state: 'Starting', location: null }, 'SESSION_NOT_READY'],
    [{ state: 'Stopped' }, 'SESSION_ENDED'],
    [{ state: 'Failed', location: null }, 'SESSION_ENDED'],
    [{ location: null }, 'IDE_UNREACHABLE'],
    [{ node: 'elsewhere' }, 'IDE_UNREACHABLE'],
  ]
  for (const [changes, code] of cases) {
    const parts = { node: 'here', keepsPrefix: false }
    t.throws(() => nextHop(session('abc', '/x', changes), '/', parts), { code }, code)
  }
})

t.test('what the parser lets into a session is what the server hands to it', (t) => {
  const piece = fc.constantFrom('/s', '/', 's', 'abc', '?', '#', '%', '..', '/s/abc/', '\\', 'x')
  const anything = fc.oneof(
    fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary' }),
  )
  fc.assert(
    fc.property(anything, (url) => {
      try {
        const route = parseRoute(url)
        assert.ok(isSessionTraffic(url), url)
        if (route.kind === 'session') assert.equal(`/s/${route.id}${route.rest}`, url)
      } catch (error) {
        assert.ok(error instanceof AtelierError)
      }
    }),
    { numRuns: 1000 },
  )
  t.end()
})
