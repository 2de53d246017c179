import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { AtelierError } from '../../src/errors.ts'
import { isSessionTraffic } from '../../src/http.ts'
import type { Peer } from '../../src/peers/peer.ts'
import { type Location, type Session, SESSION_STATES } from '../../src/sessions/session.ts'
import {
  appPath,
  holderOf,
  idePath,
  nextHop,
  parseRoute,
  type Standpoint,
} from '../../src/proxy/route.ts'
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
      const here = { kind: 'socket', path: '/run/s' } as const
      t.equal(appPath(here, route), '/s/abc/a/80/x?y')
      t.equal(appPath(here, { ...route, keepsPrefix: false }), '/x?y')
      const away = { kind: 'address', host: 'pod', port: 8888 } as const
      t.throws(() => appPath(away, route), { code: 'PORT_NOT_SERVED' })
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

const peer: Peer = { name: 'there', url: 'http://there:8787', failed: false }
const alone = { node: 'here', isPassedOn: false, holder: undefined }

t.test('the IDE is asked with or without the prefix, as it wants it', async (t) => {
  t.equal(idePath('abc', '/lab?x', true), '/s/abc/lab?x')
  t.equal(idePath('abc', '/lab?x', false), '/lab?x')
})

t.test('the next hop is the session, or the node that holds it', async (t) => {
  const here = session('abc', '/run/ide.sock')
  const there = session('abc', '/run/ide.sock', { node: 'there' })
  const address = { kind: 'address', host: 'n1', port: 8888 } as const
  const from = { ...alone, holder: peer }
  t.same(nextHop(here, alone), { kind: 'session', location: here.location })
  t.same(nextHop(here, { ...alone, isPassedOn: true }).kind, 'session')
  t.same(nextHop(there, from), { kind: 'node', peer })
  const everywhere = { kind: 'session', location: address }
  t.same(nextHop({ ...there, location: address }, alone), everywhere, 'from any node')
  t.same(nextHop({ ...there, location: address }, { ...from, isPassedOn: true }), everywhere)
})

t.test('a session that cannot answer has no next hop', async (t) => {
  const failed = { ...alone, holder: { ...peer, failed: true } }
  const cases: [changes: Partial<Session>, code: string, at?: Standpoint][] = [
    [{ state: 'Starting', location: null }, 'SESSION_NOT_READY'],
    [{ state: 'Stopped' }, 'SESSION_ENDED'],
    [{ state: 'Failed', location: null }, 'SESSION_ENDED'],
    [{ state: 'Lost' }, 'SESSION_LOST'],
    [{ state: 'Lost', node: 'there' }, 'SESSION_LOST', { ...alone, holder: peer }],
    [{ location: null }, 'IDE_UNREACHABLE'],
    [{ node: 'there' }, 'NODE_UNREACHABLE'],
    [{ node: 'there' }, 'NODE_UNREACHABLE', failed],
    [{ node: 'there' }, 'SESSION_MOVED', { ...alone, holder: peer, isPassedOn: true }],
    [{ node: 'there' }, 'SESSION_MOVED', { ...failed, isPassedOn: true }],
  ]
  for (const [changes, code, at = alone] of cases) {
    t.throws(() => nextHop(session('abc', '/x', changes), at), { code }, code)
  }
  const ended = session('abc', '/x', { state: 'Stopped', node: 'there' })
  t.equal(holderOf(ended, { ...alone, holder: peer }), peer, 'who holds it is known to the end')
})

t.test('who waits for a node is told which one, and since when', async (t) => {
  const at = {
    ...alone,
    holder: { ...peer, failed: true, since: new Date('2026-11-24T12:04:56Z') },
  }
  const there = session('abc', '/x', { node: 'there' })
  t.throws(() => nextHop(there, at), { message: /there.* since 2026-11-24 12:04 UTC/ })
  const lost = { ...there, state: 'Lost', stateAt: new Date('2026-11-24T12:05:00Z') } as const
  t.throws(() => nextHop(lost, at), { message: /there.* since 2026-11-24 12:05 UTC/ })
})

t.test('whatever the nodes believe, there are never two of them in a row', async () => {
  const names = fc.constantFrom('a', 'b', 'c')
  const state = fc.constantFrom(...SESSION_STATES)
  const location = fc.constantFrom<Location | null>(
    null,
    { kind: 'socket', path: '/x' },
    { kind: 'address', host: 'n1', port: 1 },
  )
  const view = fc.record({ node: names, state, location })
  fc.assert(
    fc.property(names, fc.array(view, { minLength: 3, maxLength: 3 }), (first, views) => {
      const stops: string[] = []
      let node: string | undefined = first
      while (node !== undefined) {
        stops.push(node)
        const seen = session('abc', '/x', views['abc'.indexOf(node)])
        const holder = seen.node === node ? undefined : { ...peer, name: seen.node }
        try {
          const hop = nextHop(seen, { node, isPassedOn: stops.length > 1, holder })
          node = hop.kind === 'node' ? hop.peer.name : undefined
        } catch (error) {
          assert.ok(error instanceof AtelierError)
          node = undefined
        }
      }
      assert.ok(stops.length <= 2, stops.join(' '))
      assert.equal(new Set(stops).size, stops.length)
    }),
    { numRuns: 2000 },
  )
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
