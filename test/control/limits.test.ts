import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import Koa, { type Middleware } from 'koa'
import t, { type Test } from 'tap'
import { errorAnswers } from '../../src/control/error-answers.ts'
import { clientKey, FailureLimit } from '../../src/control/failure-limit.ts'
import { OpenStreams } from '../../src/control/open-streams.ts'
import { RateLimit } from '../../src/control/rate-limit.ts'
import { silent } from '../fixtures/silent-log.ts'

async function serve(
  t: Test,
  middleware: Middleware,
): Promise<(path: string) => Promise<Response>> {
  const app = new Koa().use(errorAnswers(silent)).use(middleware)
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => void server.close())
  return (path) => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`)
}

t.test('requests beyond the limit are told when to come again', async (t) => {
  let most = 2
  const limit = new RateLimit({ perMinute: () => most })
  const get = await serve(t, async (ctx) => {
    await limit.take(ctx, ctx.path)
    ctx.body = 'served'
  })
  const left: (string | null)[] = []
  for (let each = 0; each < 2; each++)
    left.push((await get('/ann')).headers.get('ratelimit-remaining'))
  t.strictSame(left, ['1', '0'])
  const refused = await get('/ann')
  const seconds = Number(refused.headers.get('retry-after'))
  t.equal(refused.status, 429)
  t.ok(seconds > 0 && seconds <= 60)
  t.equal(refused.headers.get('ratelimit-limit'), '2')
  t.match(await refused.json(), {
    error: {
      code: 'TOO_MANY_REQUESTS',
      message: /^More than 2 requests in a minute\. Try again in /,
    },
  })
  t.equal((await get('/bob')).status, 200, 'each user has a limit of their own')
  most = 5
  t.equal((await get('/ann')).status, 200, 'a new limit is in force at once')
})

t.test('only what fails counts against the address of a client', async (t) => {
  const limit = new RateLimit({ perMinute: () => 3 })
  const failures = new FailureLimit({ limit, clientOf: () => ({ address: '192.0.2.1' }) })
  let attempts = 0
  const get = await serve(t, async (ctx) => {
    const answer = await failures.guard(ctx, async () => {
      attempts++
      return ctx.path === '/right' ? 'you' : undefined
    })
    ctx.status = answer === undefined ? 401 : 200
  })
  for (let each = 0; each < 10; each++) t.equal((await get('/right')).status, 200)
  for (let each = 0; each < 3; each++) t.equal((await get('/wrong')).status, 401)
  t.equal((await get('/wrong')).status, 429)
  const refused = await get('/right')
  t.equal(refused.status, 429)
  t.ok(Number(refused.headers.get('retry-after')) > 0)
  t.equal(attempts, 13, 'beyond the limit nothing is tried')
})

t.test('clients are told apart by address, of IPv6 by network', (t) => {
  const cases: [address: string, key: string][] = [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::1', '0:0:0:0'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0db8:1:2::9', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0'],
    ['', ''],
  ]
  for (const [address, key] of cases) t.equal(clientKey(address), key, address)
  t.end()
})

t.test('of too many open streams the oldest is ended', (t) => {
  const streams = new OpenStreams({ most: 2 })
  const ended: string[] = []
  const open = (user: string, name: string) => {
    const gone = new AbortController()
    streams.opened(user, { signal: gone.signal, end: () => void ended.push(name) })
    return gone
  }
  open('ann', 'first')
  const second = open('ann', 'second')
  open('bob', 'other')
  t.strictSame(ended, [])
  open('ann', 'third')
  t.strictSame(ended, ['first'])
  second.abort()
  open('ann', 'fourth')
  t.strictSame(ended, ['first'], 'one that has gone by itself is not counted')
  open('ann', 'fifth')
  t.strictSame(ended, ['first', 'third'])
  t.end()
})
