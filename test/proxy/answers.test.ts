import t from 'tap'
import { AtelierError } from '../../src/errors.ts'
import { nodeUnreachable, sessionLost } from '../../src/proxy/node-errors.ts'
import { errorAnswer, isNavigation } from '../../src/proxy/answers.ts'
import { upstreamError } from '../../src/proxy/upstream-error.ts'

const page = { method: 'GET', url: '/s/abc/lab', headers: { 'sec-fetch-mode': 'navigate' } }
const script = {
  method: 'GET',
  url: '/s/abc/api',
  headers: { 'sec-fetch-mode': 'cors', accept: 'text/html' },
}

t.test('a person who opens a page is told from a script', async (t) => {
  t.ok(isNavigation(page))
  t.ok(isNavigation({ method: 'GET', headers: { accept: 'text/html,*/*' } }))
  t.notOk(isNavigation(script))
  t.notOk(isNavigation({ method: 'GET', headers: { accept: '*/*' } }))
  t.notOk(isNavigation({ method: 'POST', headers: page.headers }))
})

t.test(
  'a page of a session that is not there yet or no more leads to the page about it',
  async (t) => {
    for (const code of ['SESSION_NOT_READY', 'SESSION_ENDED'] as const) {
      const answer = errorAnswer(new AtelierError(code), page)
      t.match(answer, { status: 302, headers: { location: '/sessions/abc' } })
    }
  },
)

t.test('a script is told in JSON, and when to come again', async (t) => {
  const answer = errorAnswer(new AtelierError('SESSION_NOT_READY'), script)
  t.match(answer, { status: 503, headers: { 'retry-after': '1' } })
  t.match(JSON.parse(answer.body), { error: { code: 'SESSION_NOT_READY' } })
  t.match(errorAnswer(new AtelierError('SESSION_ENDED'), script), { status: 410 })
})

t.test('a page of an error says no more than its sentence, and that without markup', async (t) => {
  const error = new AtelierError('IDE_UNREACHABLE', '<script>"a"</script>', { cause: 'secret' })
  const { status, headers, body } = errorAnswer(error, { ...page, url: '/s/abc/<b>' })
  t.equal(status, 502)
  t.match(headers['content-type'], 'text/html')
  t.match(body, '&#60;script&#62;')
  t.notMatch(body, /<script|<b>|secret/)
})

t.test('a page of an error has what happened as its title, and then what to do', async (t) => {
  const error = new AtelierError(
    'PORT_NOT_SERVED',
    'Nothing listens on port 1.5. Start it. Reload.',
  )
  const { body } = errorAnswer(error, page)
  t.match(body, '<title>Nothing listens on port 1.5. · Atelier</title>')
  t.match(body, '<p>Start it. Reload.</p>')
  t.match(errorAnswer(new AtelierError('IDE_TIMEOUT'), page).body, '<p>A long computation')
})

t.test('a page about a node names it, and tries again by itself without a script', async (t) => {
  const since = new Date('2026-11-24T12:04:00Z')
  const unreachable = nodeUnreachable('node-2', since, new Error('connect 10.0.0.2:8787'))
  for (const [error, heading, next] of [
    [
      unreachable,
      'The server node-2, which runs this session, has not answered since 2026-11-24 12:04 UTC.',
      'It may be restarting, or out of reach; the session itself may well go on.',
    ],
    [
      sessionLost({ node: 'node-2', stateAt: since }),
      'The server node-2 of this session is lost since 2026-11-24 12:04 UTC.',
      'The session comes back with its server, or can be started again elsewhere from your sessions page.',
    ],
    [
      new AtelierError('NODE_STOPPING'),
      'This server is restarting.',
      'Your session goes on meanwhile; try again shortly.',
    ],
  ] as const) {
    const { status, headers, body } = errorAnswer(error, page)
    t.equal(status, 503)
    t.equal(headers['retry-after'], '1')
    t.match(body, `<h1>${heading}</h1>`)
    t.match(body, `<p>${next}</p>`)
    t.match(body, '<p>This page tries again by itself every 5 seconds.</p>')
    t.match(body, '<meta http-equiv="refresh" content="5">')
    t.match(body, '<a href="/">My sessions</a>')
    t.notMatch(body, '10.0.0.2')
  }
  t.notMatch(errorAnswer(new AtelierError('IDE_TIMEOUT'), page).body, 'http-equiv')
})

t.test('what is asked of the API is told in JSON, also to a person', async (t) => {
  const answer = errorAnswer(new AtelierError('NODE_UNREACHABLE'), { ...page, url: '/api/v1/x' })
  t.match(JSON.parse(answer.body), { error: { code: 'NODE_UNREACHABLE' } })
})

t.test('what goes wrong on the way to an IDE has a status of its own', async (t) => {
  const cases: [code: string, seen: string][] = [
    ['ECONNREFUSED', 'IDE_UNREACHABLE'],
    ['ENOENT', 'IDE_UNREACHABLE'],
    ['ECONNRESET', 'IDE_UNREACHABLE'],
    ['EACCES', 'IDE_UNREACHABLE'],
    ['ENOTFOUND', 'IDE_UNREACHABLE'],
    ['EHOSTUNREACH', 'IDE_UNREACHABLE'],
    ['UND_ERR_SOCKET', 'IDE_UNREACHABLE'],
    ['HPE_INVALID_CONSTANT', 'IDE_UNREACHABLE'],
    ['UND_ERR_CONNECT_TIMEOUT', 'IDE_TIMEOUT'],
    ['ETIMEDOUT', 'IDE_TIMEOUT'],
    ['ERR_ASSERTION', 'INTERNAL'],
  ]
  for (const [code, seen] of cases) {
    t.equal(upstreamError(Object.assign(new Error(code), { code })).code, seen, code)
  }
})
