import { once } from 'node:events'
import { type IncomingMessage, request as httpRequest, type RequestListener } from 'node:http'
import Koa from 'koa'
import t from 'tap'
import { z } from 'zod'
import type { Scope } from '../../src/auth/scopes.ts'
import { Api } from '../../src/control/api.ts'
import { errorAnswers } from '../../src/control/error-answers.ts'
import { atHolder, genuineHops, type HeldElsewhere } from '../../src/control/held-elsewhere.ts'
import { OpenStreams } from '../../src/control/open-streams.ts'
import { AtelierError } from '../../src/errors.ts'
import type { Session } from '../../src/sessions/session.ts'
import { silent } from '../fixtures/silent-log.ts'
import { ask, session, until } from '../proxy/stage.ts'
import { hopFrom, TestNodes } from './nodes.ts'

const LOOK = {
  id: 'look',
  method: 'get',
  path: '/sessions/{id}/look',
  summary: 'Who holds it',
  params: { id: z.string() },
  query: { x: z.string().optional() },
  answers: { 200: { description: 'It.', body: z.object({ node: z.string(), x: z.string() }) } },
  atHolder: true,
} as const
const WATCH = {
  id: 'watch',
  method: 'get',
  path: '/sessions/{id}/watch',
  summary: 'What happens',
  params: { id: z.string() },
  events: { message: z.object({ node: z.string() }) },
  atHolder: true,
} as const

/** Nodes with an API, in which the header x-scopes says what a request may do. */
class ApiNodes extends TestNodes {
  /** What was asked at each node and let in. */
  readonly asked: string[] = []
  readonly streams = new Set<string>()

  async startApi(name: string, sessions: readonly Session[]) {
    const known = new Map(sessions.map((each) => [each.id, each]))
    const node = await this.start(name, sessions, {
      control: (plane, hopping) =>
        this.#api(name, known, {
          check: (request) => void hopping.open(request),
          relay: (...request) => plane.relay(...request),
        }),
    })
    return { ...node, known }
  }

  #api(name: string, known: ReadonlyMap<string, Session>, elsewhere: HeldElsewhere) {
    const getSession = (user: string, id: string): Session => {
      const found = known.get(id)
      if (found?.user !== user) throw new AtelierError('SESSION_NOT_FOUND')
      return found
    }
    const api = new Api({
      signedIn: async (ctx, next) => {
        this.asked.push(name)
        const user = ctx.get('x-user') || 'ada'
        const scopes = ctx.get('x-scopes').split(',') as Scope[]
        ctx.state = { user, role: 'user', scopes, expiresAt: null, session: null }
        await next()
      },
      limited: (_ctx, next) => next(),
      atHolder: atHolder({ sessions: { getSession }, heldElsewhere: elsewhere }),
      atJobsNode: (_ctx, next) => next(),
      openStreams: new OpenStreams({ most: 1 }),
    })
    api.add('read', LOOK, ({ query }) => {
      return { status: 200, body: { node: name, x: query.x ?? '' } }
    })
    api.addStream('read', WATCH, () => (stream) => {
      this.streams.add(name)
      stream.signal.addEventListener('abort', () => this.streams.delete(name))
      stream.send('message', { node: name })
    })
    const app = new Koa()
    app.silent = true
    app.use(errorAnswers(silent))
    app.use(genuineHops({ heldElsewhere: elsewhere }))
    for (const middleware of api.middleware()) app.use(middleware)
    const answer = app.callback()
    const listener: RequestListener = (request, response) => void answer(request, response)
    return listener
  }
}

const READ = { 'x-scopes': 'read' }
const PATH = '/api/v1/sessions/one/look?x=1'
const there = session('one', '/x', { node: 'b' })
const json = ({ body }: { body: Buffer }): unknown => JSON.parse(String(body))

t.test('what only the holder knows is answered by it, whichever node is asked', async (t) => {
  const nodes = new ApiNodes(t)
  const [a, b] = [await nodes.startApi('a', [there]), await nodes.startApi('b', [there])]
  for (const { port } of [a, b]) {
    const answer = await ask(port, PATH, { headers: READ })
    t.equal(answer.status, 200)
    t.match(answer.headers['content-type'], 'application/json')
    t.same(json(answer), { node: 'b', x: '1' })
  }
  t.same(nodes.asked, ['a', 'b', 'b'])
})

t.test('a stream is passed on as it comes, and ends with its browser', async (t) => {
  const nodes = new ApiNodes(t)
  const [a] = [await nodes.startApi('a', [there]), await nodes.startApi('b', [there])]
  const path = '/api/v1/sessions/one/watch'
  const browser = httpRequest({ port: a.port, path, headers: READ, agent: false }).end()
  const [response] = (await once(browser, 'response')) as [IncomingMessage]
  t.match(response.headers['content-type'], 'text/event-stream')
  let text = ''
  response.on('data', (chunk) => (text += String(chunk))).on('error', () => {})
  await until('an event has come', () => text.includes('data: {"node":"b"}'))
  t.same([...nodes.streams], ['b'])
  browser.destroy()
  await until('the stream has ended', () => nodes.streams.size === 0)
})

t.test('both nodes ask who it is and what it may do', async (t) => {
  const nodes = new ApiNodes(t)
  const [a, b] = [await nodes.startApi('a', [there]), await nodes.startApi('b', [there])]
  const hop = hopFrom('a', { url: PATH }, { session: 'one', to: 'b' })
  const hopped = { ...READ, ...hop }
  t.equal((await ask(a.port, PATH, { headers: { 'x-scopes': 'sessions' } })).status, 403)
  t.equal((await ask(a.port, PATH, { headers: { ...READ, 'x-user': 'eve' } })).status, 404)
  t.same(nodes.asked, ['a', 'a'], 'nothing was passed on')
  t.equal((await ask(b.port, PATH, { headers: { ...hop, 'x-scopes': 'sessions' } })).status, 403)
  t.equal((await ask(b.port, PATH, { headers: { ...hopped, 'x-user': 'eve' } })).status, 404)
  t.equal((await ask(b.port, PATH, { headers: hopped })).status, 200)
})

t.test('a forged hop is refused at any address', async (t) => {
  const nodes = new ApiNodes(t)
  const b = await nodes.startApi('b', [there])
  const forged = { ...READ, 'x-atelier-hop': 'nonsense' }
  for (const path of [PATH, '/api/v1/me', '/']) {
    const answer = await ask(b.port, path, { headers: forged })
    t.equal(answer.status, 403)
    t.match(json(answer), { error: { code: 'HOP_REFUSED' } })
  }
  const other = hopFrom('a', { url: PATH }, { session: 'two', to: 'b' })
  t.equal((await ask(b.port, PATH, { headers: { ...READ, ...other } })).status, 403)
  t.same(nodes.asked, ['b'])
})

t.test('it is passed on once, and once more when the session has moved', async (t) => {
  const nodes = new ApiNodes(t)
  const a = await nodes.startApi('a', [there])
  await nodes.startApi('b', [{ ...there, node: 'a' }])
  const answer = await ask(a.port, PATH, { headers: READ })
  t.equal(answer.status, 421)
  t.match(json(answer), { error: { code: 'SESSION_MOVED' } })
  t.same(nodes.asked, ['a', 'b', 'b'])
  t.notMatch(Object.keys(answer.headers).join(), 'x-atelier')
  await nodes.startApi('c', [{ ...there, node: 'c' }])
  nodes.onRefresh = () => a.known.set('one', { ...there, node: 'c' })
  t.match(json(await ask(a.port, PATH, { headers: READ })), { node: 'c' })
})

t.test('a holder that cannot be reached is told in the form of the API', async (t) => {
  const nodes = new ApiNodes(t)
  const a = await nodes.startApi('a', [there, { ...there, id: 'two', state: 'Lost' }])
  const headers = { ...READ, accept: 'text/html' }
  const answer = await ask(a.port, PATH, { headers })
  t.equal(answer.status, 503)
  t.match(json(answer), { error: { code: 'NODE_UNREACHABLE' } })
  const lost = await ask(a.port, '/api/v1/sessions/two/look', { headers })
  t.match(json(lost), { error: { code: 'SESSION_LOST' } })
  const gone = await nodes.startApi('b', [there])
  gone.server.close()
  gone.server.closeAllConnections()
  const waiting = ask(a.port, PATH, { headers })
  await until('the peer refuses connections', () => !gone.server.listening)
  nodes.knows('b', gone.port, { failed: true })
  t.match(json(await waiting), { error: { code: 'NODE_UNREACHABLE' } })
})
