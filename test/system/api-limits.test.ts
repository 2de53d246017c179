import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { ApiUser, signIn, type SessionAnswer } from '../fixtures/api.ts'
import { dataDirectory, startTestAtelier } from '../fixtures/atelier.ts'
import { misbehavingIde } from '../fixtures/misbehaving-ide.ts'
import { until } from '../fixtures/until.ts'

t.test('repeated requests and too many of them', async (t) => {
  const directory = await dataDirectory(t)
  const configFile = join(directory, 'atelier.toml')
  const ide = await misbehavingIde(join(directory, 'ides'))
  await ide.change('exec sleep 1000')
  await writeFile(configFile, '')
  const settings = [`ides.directory="${ide.directory}"`, 'ides.install=false']
  const atelier = await startTestAtelier(t, settings, { configFile })
  const user = await signIn(atelier.signInLink)
  const post = async (key: string, body: object) => {
    const response = await user.fetch('/api/v1/sessions', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    })
    const { status, headers } = response
    return { status, headers, body: (await response.json()) as SessionAnswer }
  }

  await t.test(
    'a start that is repeated is one start, also after a restart of the node',
    async (t) => {
      const first = await post('one', { ide: 'jupyterlab', name: 'x' })
      t.equal(first.status, 201)
      t.equal(first.headers.get('idempotency-replayed'), null)
      t.equal(first.headers.get('etag'), `"${first.body.version}"`)
      await atelier.kill('node')
      const again = await until(async () => {
        const answer = await post('one', { name: 'x', ide: 'jupyterlab' }).catch(() => undefined)
        return answer?.status === 201 && answer
      })
      t.equal(again.headers.get('idempotency-replayed'), 'true')
      t.equal(again.body.id, first.body.id)
      t.match(await post('one', { ide: 'jupyterlab' }), {
        status: 422,
        body: { error: { code: 'IDEMPOTENCY_KEY_REUSED' } },
      })
      const races = await Promise.all([1, 2, 3].map(() => post('two', { ide: 'jupyterlab' })))
      t.equal(new Set(races.map(({ body }) => body.id)).size, 1)
      t.strictSame([...new Set(races.map(({ status }) => status))], [201])
      const { body } = await user.ask<{ items: unknown[] }>('GET', '/api/v1/sessions')
      t.equal(body.items.length, 2)
    },
  )

  await t.test('limits of requests are in force, and change without a restart', async (t) => {
    await writeFile(configFile, '[api]\nrequests_per_minute = 5\nsign_ins_per_minute = 2\n')
    atelier.hangUp()
    const refused = await until(async () => {
      const answer = await user.ask<object>('GET', '/api/v1/me')
      return answer.status === 429 && answer
    })
    t.match(refused.body, { error: { code: 'TOO_MANY_REQUESTS', message: /More than 5 requests/ } })
    t.ok(Number(refused.headers.get('retry-after')) > 0)
    t.equal(refused.headers.get('ratelimit-limit'), '5')
    const nobody = new ApiUser({ address: atelier.address, cookie: '' })
    const guess = () => nobody.ask<object>('POST', '/api/v1/sign-in', { token: 'guess' })
    t.strictSame([(await guess()).status, (await guess()).status], [401, 401])
    t.match(await guess(), { status: 429, body: { error: { code: 'TOO_MANY_REQUESTS' } } })
    t.equal((await nobody.ask('GET', '/api/v1/openapi.json')).status, 200)
  })
})
