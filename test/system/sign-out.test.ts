import { once } from 'node:events'
import t, { type Test } from 'tap'
import { WebSocket } from 'ws'
import { ApiUser } from '../fixtures/api.ts'
import { startTestCluster } from '../fixtures/cluster.ts'
import { until } from '../fixtures/until.ts'

t.test('a sign-out reaches every node and everything that is open', async (t) => {
  const cluster = await startTestCluster(t, { nodes: 2 })
  const [one, two] = cluster.nodes
  if (one === undefined || two === undefined) throw new Error('there are no two nodes')
  const user = await cluster.signIn(one)
  const session = await user.start('jupyterlab')

  await t.test('a cookie is good on both nodes', async (t) => {
    t.match(user.cookie, /^atelier-/)
    for (const { address } of [one, two]) {
      const { status, body } = await user.at(address).ask('GET', '/api/v1/me')
      t.match({ status, body }, { status: 200, body: { role: 'administrator' } })
      t.equal((await user.at(address).fetch(`${session.url}api/status`)).status, 200)
    }
  })

  await t.test('signing out on one node ends what is open through the other', async (t) => {
    const leaving = await cluster.signIn(one)
    const open = await openAt(t, leaving.at(two.address), session.url)
    const kept = await openAt(t, user.at(two.address), session.url)
    const { status, headers } = await leaving.ask('POST', '/api/v1/sign-out')
    t.equal(status, 204)
    t.match(headers.getSetCookie(), [/^atelier-\w+=; Max-Age=0;/])
    t.equal(await refusal(leaving.at(one.address)), 401, 'here at once')
    const began = performance.now()
    await Promise.all(open.ended)
    t.comment(`ended there after ${Math.round(performance.now() - began)} ms`)
    t.equal(await refusal(leaving.at(two.address)), 401)
    t.equal((await leaving.at(two.address).fetch(`${session.url}api/status`)).status, 404)
    t.same(kept.closed, [], 'and nothing of another sign-in of the same person')
    t.equal(await refusal(user.at(two.address)), 200)
  })

  await t.test('who opens a session without a sign-in is led to the sign-in page', async (t) => {
    const nobody = new ApiUser({ address: two.address, cookie: '' })
    const headers = {
      accept: 'text/html',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    }
    for (const path of [`${session.url}lab?x=1`, '/s/nonesuch/']) {
      // As a browser sends it; fetch has modes of its own.
      const { request } = await import('undici')
      const answer = await request(nobody.address + path, { headers })
      await answer.body.dump()
      t.equal(answer.statusCode, 302)
      t.equal(answer.headers['location'], `/sign-in?next=${encodeURIComponent(path)}`)
    }
  })

  await t.test('signing out everywhere ends all, and one can sign in again at once', async (t) => {
    const [first, second] = [await cluster.signIn(one), await cluster.signIn(two)]
    const open = [
      await openAt(t, first.at(two.address), session.url),
      await openAt(t, second, session.url),
    ]
    const body = { everywhere: true }
    t.equal((await first.ask('POST', '/api/v1/sign-out', body)).status, 204)
    await Promise.all(open.flatMap(({ ended }) => ended))
    for (const each of [first, second, user]) {
      t.equal(await refusal(each.at(one.address)), 401)
      t.equal(await refusal(each.at(two.address)), 401)
    }
    const again = await cluster.signIn(two)
    t.equal(await refusal(again.at(one.address)), 200)
    t.equal(await refusal(again.at(two.address)), 200)
  })

  await t.test('without a database a sign-out holds here, says so, and is made good', async (t) => {
    const leaving = await cluster.signIn(two)
    one.database.cut()
    const answer = await leaving.at(one.address).ask('POST', '/api/v1/sign-out')
    t.match(answer, {
      status: 503,
      body: { error: { code: 'DATABASE_UNAVAILABLE', message: /other servers hear of it only/ } },
    })
    t.match(answer.headers.getSetCookie(), [/Max-Age=0/], 'the cookie is taken away')
    t.equal(await refusal(leaving.at(one.address)), 401)
    t.equal(await refusal(leaving.at(two.address)), 200, 'nobody has told it')
    one.database.heal()
    await until(async () => (await refusal(leaving.at(two.address))) === 401)
  })

  await t.test('a node that starts knows of earlier sign-outs', async (t) => {
    const leaving = await cluster.signIn(one)
    await leaving.ask('POST', '/api/v1/sign-out')
    await two.kill()
    await two.start()
    t.equal(await refusal(leaving.at(two.address)), 401)
  })
})

/** A WebSocket to the session and an event stream; `ended` are their ends, `closed` those that have come. */
async function openAt(t: Test, user: ApiUser, sessionUrl: string) {
  const url = `${user.address.replace('http', 'ws')}${sessionUrl}api/events/subscribe`
  const headers = { origin: user.address, cookie: user.cookie }
  const socket = new WebSocket(url, { headers })
  t.teardown(() => socket.terminate())
  const stream = await user.fetch('/api/v1/events')
  t.equal(stream.status, 200)
  await once(socket, 'open')
  const closed: string[] = []
  const ended = [
    once(socket, 'close').then(() => closed.push('WebSocket')),
    stream.text().then(
      () => closed.push('events'),
      () => closed.push('events'),
    ),
  ]
  return { closed, ended }
}

async function refusal(user: ApiUser): Promise<number> {
  return (await user.ask('GET', '/api/v1/me')).status
}
