import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { isOwnPage, nextPath } from '../../../src/web/sign-in/next-path.ts'

t.test('after signing in only paths of this site are followed', async (t) => {
  const cases: [wanted: string | null, next: string | null][] = [
    ['/', '/'],
    ['/sessions/abc', '/sessions/abc'],
    ['/s/abc/lab?reset=1#top', '/s/abc/lab?reset=1#top'],
    ['/a/../b', '/b'],
    [null, null],
    ['', null],
    ['sessions', null],
    ['//evil.example', null],
    ['/\\evil.example', null],
    ['/\t/evil.example', null],
    ['/\n/evil.example', null],
    ['/x/..//evil.example', null],
    ['https://evil.example/', null],
    ['javascript:alert(1)', null],
    ['/sign-in', null],
    ['/sign-in?next=/sign-in', null],
  ]
  for (const [wanted, next] of cases) {
    t.equal(nextPath(wanted, 'https://workbench.example'), next, JSON.stringify(wanted))
  }
})

t.test('a session is not a page of the UI, its start page is', async (t) => {
  t.ok(isOwnPage('/'))
  t.ok(isOwnPage('/sessions/abc'))
  t.notOk(isOwnPage('/s/abc/'))
})

t.test('whatever is wanted, the next page is on this site and not the sign-in page', async () => {
  const origin = 'https://workbench.example'
  const piece = fc.constantFrom(
    '/',
    '//',
    '\\',
    '\t',
    '\n',
    '.',
    '..',
    '@',
    ':',
    '?',
    '#',
    'sign-in',
    'evil.example',
    '%2f',
    'https:',
    'javascript:',
    origin,
    'x',
    ' ',
    '\u00a0',
    '%5c',
  )
  const pieces = fc.array(piece, { maxLength: 8 }).map((each) => each.join(''))
  fc.assert(
    fc.property(fc.oneof(pieces, fc.webPath(), fc.string({ unit: 'binary' })), (wanted) => {
      const next = nextPath(wanted, origin)
      if (next === null) return
      const url = new URL(next, origin)
      assert.equal(url.origin, origin)
      assert.match(next, /^\/(?![/\\])/)
      assert.ok(!url.pathname.startsWith('/sign-in'))
      const { pathname, search, hash } = new URL(wanted, origin)
      // Not by their whole text, in which an empty query or fragment is still there.
      assert.deepEqual([url.pathname, url.search, url.hash], [pathname, search, hash])
      assert.equal(nextPath(next, origin), next, 'and it stays so')
    }),
    { numRuns: 1000 },
  )
})
