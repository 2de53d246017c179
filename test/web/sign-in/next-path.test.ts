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
