import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { bodyParser } from '@koa/bodyparser'
import Koa from 'koa'
import t, { type Test } from 'tap'
import { z } from 'zod'
import type { Scope } from '../../src/auth/scopes.ts'
import { apiDocument } from '../../src/control/api-document.ts'
import { Api } from '../../src/control/api.ts'
import { errorAnswers } from '../../src/control/error-answers.ts'
import { OpenStreams } from '../../src/control/open-streams.ts'
import { queryInteger, queryList } from '../../src/control/query-fields.ts'
import { AtelierError } from '../../src/errors.ts'
import { ApiContract, type ApiDocument } from '../fixtures/api-document.ts'
import { silent } from '../fixtures/silent-log.ts'

const book = z.object({ title: z.string() }).meta({ id: 'Book' })

/** An API of books; the header `scopes` says what a request may do. */
function books(): Api {
  const api = new Api({
    signedIn: async (ctx, next) => {
      if (ctx.get('scopes') === '') throw new AtelierError('NOT_SIGNED_IN')
      const scopes = ctx.get('scopes').split(',') as Scope[]
      const role = ctx.get('role') === 'administrator' ? 'administrator' : 'user'
      ctx.state = { user: 'ann', role, scopes, expiresAt: null, session: null }
      await next()
    },
    limited: (_ctx, next) => next(),
    atHolder: (_ctx, next) => next(),
    atJobsNode: (_ctx, next) => next(),
    openStreams: new OpenStreams({ most: 1 }),
  })
  api.add(
    'sessions',
    {
      id: 'writeBook',
      method: 'post',
      path: '/shelves/{shelf}',
      summary: 'Write a book',
      params: { shelf: z.string().max(3) },
      query: { copies: queryInteger(1, 9, 1), in: queryList(['en', 'de']).optional() },
      headers: { 'if-match': z.string().regex(/^"/).optional() },
      body: book,
      answers: { 201: { description: 'Written.', headers: { Location: 'Where.' }, body: book } },
    },
    ({ user, params, query, headers, body }) => {
      const title = [body.title, user, params.shelf, query.copies, query.in, headers['if-match']]
      return { status: 201, headers: { Location: '/here' }, body: { title: title.join(' ') } }
    },
  )
  api.addOpen(
    {
      id: 'burnBooks',
      method: 'delete',
      path: '/shelves/{shelf}',
      summary: 'Burn all books',
      params: { shelf: z.string() },
      answers: { 204: { description: 'Burnt.' } },
    },
    () => ({ status: 204 }),
  )
  api.addStream(
    'read',
    {
      id: 'followBooks',
      method: 'get',
      path: '/books',
      summary: 'Each new book',
      query: { from: queryInteger(0, 9, 0) },
      events: { book },
    },
    ({ query }) =>
      (stream) => {
        stream.send('book', { title: `number ${query.from}` })
        stream.end()
      },
  )
  return api
}

async function serve(t: Test): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
  const app = new Koa().use(errorAnswers(silent)).use(bodyParser({ enableTypes: ['json'] }))
  for (const middleware of books().middleware()) app.use(middleware)
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => void server.close())
  const { port } = server.address() as AddressInfo
  return (path, init) => fetch(`http://127.0.0.1:${port}/api/v1${path}`, init)
}

t.test('requests are checked by the schemas of their operation', async (t) => {
  const ask = await serve(t)
  const cases: [
    path: string,
    init: { title?: unknown; ifMatch?: string; scopes?: string },
    RegExp,
  ][] = [
    ['/shelves/a', {}, /^201 .*"it ann a 1  "/],
    ['/shelves/a?copies=3&in=en,de', { ifMatch: '"x"' }, /^201 .*"it ann a 3 en,de \\"x\\""/],
    ['/shelves/a?in=en&in=de&more=1', {}, /^201 .* en,de /],
    ['/shelves/%61', {}, /^201 .* ann a /],
    ['/shelves/long', {}, /^400 .*shelf: /],
    ['/shelves/a?copies=10', {}, /^400 .*copies: /],
    ['/shelves/a?copies=1e0', {}, /^400 .*copies: /],
    ['/shelves/a?copies=', {}, /^400 .*copies: /],
    ['/shelves/a?copies=1&copies=2', {}, /^400 .*copies: /],
    ['/shelves/a?in=en,fr', {}, /^400 .*in\.1: .*de/],
    ['/shelves/a', { ifMatch: 'x' }, /^400 .*if-match: /],
    ['/shelves/a', { title: 7 }, /^400 .*title: /],
    ['/shelves/a', { scopes: 'read,admin' }, /^403 .*FORBIDDEN_SCOPE.*the scope \\"sessions\\"/],
    ['/shelves/long', { scopes: 'read' }, /^403 /],
    ['/shelves/a', { scopes: '' }, /^401 .*NOT_SIGNED_IN/],
    ['/nothing', {}, /^404 .*NOT_FOUND/],
  ]
  for (const [path, { title = 'it', ifMatch, scopes = 'sessions' }, wanted] of cases) {
    const headers = {
      scopes,
      'content-type': 'application/json',
      ...(ifMatch && { 'if-match': ifMatch }),
    }
    const answer = await ask(path, { method: 'POST', headers, body: JSON.stringify({ title }) })
    t.match(`${answer.status} ${await answer.text()}`, wanted, path)
  }
})

t.test('a wrong method is told which are right, and an open operation needs nobody', async (t) => {
  const ask = await serve(t)
  const put = await ask('/shelves/a', { method: 'PUT' })
  t.match(await put.json(), { error: { code: 'METHOD_NOT_ALLOWED' } })
  t.equal(put.headers.get('allow'), 'POST, DELETE')
  t.equal((await ask('/shelves/a', { method: 'DELETE' })).status, 204)
})

t.test('a stream begins only when its request is right', async (t) => {
  const ask = await serve(t)
  const headers = { scopes: 'read' }
  t.equal((await ask('/books?from=x', { headers })).status, 400)
  const stream = await ask('/books?from=3', { headers })
  t.match(stream.headers.get('content-type'), /^text\/event-stream/)
  t.match(await stream.text(), 'event: book\ndata: {"title":"number 3"}\n\n')
})

t.test('the document tells all of it', (t) => {
  const document = apiDocument(books().operations, { version: '1', cookieName: 'c' })
  const plain = JSON.parse(JSON.stringify(document)) as ApiDocument
  t.strictSame(new ApiContract(plain).formProblems(), [])
  t.match(plain.paths['/shelves/{shelf}']?.['post'], {
    operationId: 'writeBook',
    security: [{ signIn: [] }, { accessToken: ['sessions'] }],
    parameters: [
      { name: 'shelf', in: 'path', required: true, schema: { type: 'string', maxLength: 3 } },
      { name: 'copies', in: 'query', required: false, schema: { minimum: 1, default: 1 } },
      { name: 'in', explode: false, schema: { type: 'array', items: { enum: ['en', 'de'] } } },
      { name: 'if-match', in: 'header', required: false },
    ],
    requestBody: {
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Book' } } },
    },
    responses: { 201: { headers: { Location: {} } }, 400: {}, 401: {}, 403: {}, 413: {}, 429: {} },
  })
  t.strictSame(plain.paths['/shelves/{shelf}']?.['delete']?.security, [])
  t.match(plain.paths['/books']?.['get']?.responses[200]?.content?.['text/event-stream'], {
    'x-events': { book: { $ref: '#/components/schemas/Book' } },
  })
  t.throws(() => {
    const other = z.object({}).meta({ id: 'Book' })
    const answers = { 200: { description: 'x', body: other } }
    const operation = {
      id: 'x',
      method: 'get',
      path: '/x',
      summary: 'x',
      answers,
      scope: null,
    } as const
    apiDocument([...books().operations, operation], { version: '1', cookieName: 'c' })
  }, /two schemas of the API are called Book/)
  t.end()
})
