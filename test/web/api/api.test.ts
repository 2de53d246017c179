import t from 'tap'
import { Api, ApiError } from '../../../src/web/api/api.ts'
import { ServerClock } from '../../../src/web/api/server-clock.ts'

function answering(answer: () => Response): { api: Api; signedOut: () => number } {
  let count = 0
  const api = new Api({
    fetch: async () => answer(),
    clock: new ServerClock({ localNow: () => 0 }),
    isPersonHere: () => false,
    onNotSignedIn: () => {
      count += 1
    },
  })
  return { api, signedOut: () => count }
}

const problem = (status: number, code: string): Response =>
  Response.json({ error: { code, message: `About ${code}.` } }, { status })

t.test('an answer without a body is null', async (t) => {
  const { api } = answering(() => new Response(null, { status: 204 }))
  t.equal(await api.request('DELETE', '/sessions/a'), null)
})

t.test("a failure carries the server's code and sentence", async (t) => {
  const { api } = answering(() => problem(409, 'IDE_MISSING'))
  await t.rejects(api.request('POST', '/sessions', { body: {} }), {
    code: 'IDE_MISSING',
    status: 409,
    message: 'About IDE_MISSING.',
  })
})

t.test("somebody else's page becomes a sentence of ours", async (t) => {
  const { api } = answering(() => new Response('<h1>Bad gateway</h1>', { status: 502 }))
  await t.rejects(api.request('GET', '/me'), { code: 'UNKNOWN', message: /status 502/ })
})

t.test('no answer at all becomes a sentence too', async (t) => {
  const { api } = answering(() => {
    throw new TypeError('fetch failed')
  })
  await t.rejects(api.request('GET', '/me'), { code: 'NETWORK', status: 0 })
})

t.test('a missing sign-in is told, a bad sign-in link is not', async (t) => {
  const missing = answering(() => problem(401, 'NOT_SIGNED_IN'))
  await t.rejects(missing.api.request('GET', '/me'), ApiError)
  t.equal(missing.signedOut(), 1)
  const bad = answering(() => problem(401, 'SIGN_IN_LINK_INVALID'))
  await t.rejects(bad.api.request('POST', '/sign-in'), ApiError)
  t.equal(bad.signedOut(), 0)
})
