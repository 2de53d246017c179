import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { WebSocket } from 'ws'
import { ApiUser, signIn, type SessionAnswer } from '../fixtures/api.ts'
import { TestCli } from '../fixtures/cli.ts'
import { startTestAtelier } from '../fixtures/atelier.ts'
import { until } from '../fixtures/until.ts'

interface ErrorAnswer {
  readonly error: { readonly code: string; readonly message: string }
}

t.test('the API of one server', async (t) => {
  const atelier = await startTestAtelier(t, ['sessions.idle_after_seconds=2'])
  const { address } = atelier
  const user = await signIn(atelier.signInLink)
  const nobody = new ApiUser({ address, cookie: '' })

  await t.test('a sign-in link works once', async (t) => {
    await t.rejects(signIn(atelier.signInLink), /401.*SIGN_IN_LINK_INVALID/)
    await t.rejects(signIn(`${address}/sign-in#rubbish`), /401.*SIGN_IN_LINK_INVALID/)
  })

  await t.test('health and readiness need no sign-in', async (t) => {
    t.match(await nobody.ask('GET', '/health'), { status: 200, body: { status: 'ok' } })
    const body = { status: 'ok', database: 'ok', launcher: 'ok' }
    t.match(await nobody.ask('GET', '/ready'), { status: 200, body })
  })

  await t.test('nobody gets anything without signing in', async (t) => {
    for (const path of ['me', 'ides', 'sessions', 'sessions/x', 'events']) {
      const { status, body } = await nobody.ask<ErrorAnswer>('GET', `/api/v1/${path}`)
      t.match({ status, body }, { status: 401, body: { error: { code: 'NOT_SIGNED_IN' } } }, path)
    }
    t.equal((await nobody.ask('POST', '/api/v1/sessions', { ide: 'vscode' })).status, 401)
  })

  await t.test('bad requests get a clear error and leave nothing behind', async (t) => {
    const cases: [method: string, path: string, body: unknown, status: number, message: RegExp][] =
      [
        ['POST', '/sessions', {}, 400, /^ide: .*jupyterlab/],
        ['POST', '/sessions', { ide: 'emacs' }, 400, /^ide: .*"vscode"/],
        ['POST', '/sessions', { ide: 'vscode', name: 'x'.repeat(101) }, 400, /^name: .*100/],
        ['POST', '/sessions', { ide: 'vscode', name: 'a\u0000b' }, 400, /^name: .*control/],
        ['POST', '/sessions', { ide: 'vscode', name: '\ud800' }, 400, /^name/],
        ['POST', '/sessions', { ide: 'vscode', user: 'root' }, 400, /user/],
        ['POST', '/sessions', ['vscode'], 400, /object/],
        ['POST', '/sessions', { name: 'x'.repeat(200_000) }, 413, /too large/],
        ['POST', '/sign-in', { token: 7 }, 400, /^token: /],
        ['GET', '/sessions/none', undefined, 404, /no such session/],
        ['PATCH', '/sessions/none', { name: 'x' }, 404, /no such session/],
        ['DELETE', '/sessions/none', undefined, 404, /no such session/],
        ['DELETE', '/sessions/none?force=maybe', undefined, 400, /^force: /],
        ['GET', '/sessions/%00', undefined, 404, /no such session/],
        ['GET', '/sessions/none/output', undefined, 404, /no such session/],
        ['GET', '/nothing', undefined, 404, /nothing at this address/],
      ]
    for (const [method, path, body, status, message] of cases) {
      const answer = await user.ask<ErrorAnswer>(method, `/api/v1${path}`, body)
      t.match(
        { status: answer.status, message: answer.body.error.message },
        { status, message },
        `${method} ${path}`,
      )
    }
    const raw = await user.fetch('/api/v1/sessions', {
      method: 'POST',
      body: '{"ide":',
      headers: { 'content-type': 'application/json' },
    })
    t.match({ status: raw.status, text: await raw.text() }, { status: 400, text: /must be JSON/ })
    t.strictSame((await user.ask<object>('GET', '/api/v1/sessions')).body, {
      items: [],
      next: null,
    })
  })

  await t.test('another web site cannot act for the user', async (t) => {
    const headers = { origin: 'http://evil.example', 'content-type': 'application/json' }
    const body = JSON.stringify({ ide: 'jupyterlab' })
    const response = await user.fetch('/api/v1/sessions', { method: 'POST', headers, body })
    t.equal(response.status, 403)
  })

  await t.test('a session from its start to its removal', async (t) => {
    const events: string[] = []
    const watching = new AbortController()
    t.teardown(() => watching.abort())
    const stream = await user.fetch('/api/v1/events', { signal: watching.signal })
    void (async () => {
      for await (const chunk of stream.body ?? []) events.push(Buffer.from(chunk).toString())
    })().catch(() => undefined)

    const wanted = { ide: 'jupyterlab', name: '  first  ' }
    const { status, headers, body } = await user.ask<SessionAnswer>(
      'POST',
      '/api/v1/sessions',
      wanted,
    )
    t.match({ status, body }, { status: 201, body: { state: 'Starting', name: 'first' } })
    t.equal(headers.get('location'), `/api/v1/sessions/${body.id}`)
    t.equal(body.url, `/s/${body.id}/`)
    const early = await user.fetch(`${body.url}api/status`)
    t.ok([503, 200].includes(early.status), 'a program that is early is told to wait')

    const active = await user.untilState(body.id, 'Active')
    t.notMatch(
      JSON.stringify(active),
      /atelier-test|\.sock|token/,
      'the answer tells nothing internal',
    )
    t.equal((await user.fetch(`${body.url}api/status`)).status, 200)
    t.match(events.join(''), new RegExp(`event: session\ndata: .*"id":"${body.id}"`))

    const stale = await user.ask<ErrorAnswer>('PATCH', `/api/v1/sessions/${body.id}`, {
      name: 'x',
      version: 1,
    })
    t.match(stale, { status: 409, body: { error: { code: 'VERSION_CONFLICT' } } })
    const renamed = await user.ask<SessionAnswer>('PATCH', `/api/v1/sessions/${body.id}`, {
      name: 'second',
    })
    t.match(renamed, { status: 200, body: { name: 'second' } })

    const used = await until(async () => {
      const session = await user.session(body.id)
      return session.memoryBytes !== null && session
    })
    t.ok((used.memoryBytes ?? 0) > 20e6, 'its memory is measured')

    const output = await user.fetch(`/api/v1/sessions/${body.id}/output`)
    const reader = output.body?.getReader()
    let log = ''
    await until(async () => {
      log += Buffer.from((await reader?.read())?.value ?? []).toString()
      return log.includes('Jupyter Server')
    })
    await reader?.cancel()

    await user.untilState(body.id, 'Idle')
    await user.fetch(`${body.url}lab`)
    await user.untilState(body.id, 'Active')

    t.equal((await user.ask('DELETE', `/api/v1/sessions/${body.id}`)).status, 202)
    t.match(await user.untilState(body.id, 'Stopped'), { reason: 'Stopped by its owner.' })
    t.equal((await user.fetch(`${body.url}api/status`)).status, 410)
    t.equal((await user.ask('DELETE', `/api/v1/sessions/${body.id}`)).status, 204)
    t.equal((await user.ask('GET', `/api/v1/sessions/${body.id}`)).status, 404)
    await until(() => events.join('').includes('event: removed'))
  })

  await t.test('several sessions at once, stopped by force', async (t) => {
    const both = await Promise.all([user.start('jupyterlab'), user.start('jupyter-notebook')])
    t.not(both[0].id, both[1].id)
    t.equal((await user.fetch(`${both[1].url}tree`)).status, 200)
    for (const { id } of both) {
      t.equal((await user.ask('DELETE', `/api/v1/sessions/${id}?force=true`)).status, 202)
      t.match(await user.untilState(id, 'Stopped'), { reason: 'Stopped by force by its owner.' })
      await user.ask('DELETE', `/api/v1/sessions/${id}`)
    }
  })

  await t.test('everybody but the owner gets 404, for requests and upgrades alike', async (t) => {
    const { url, id } = await user.start('vscode')
    t.equal((await user.fetch(`${url}healthz`)).status, 200)
    const answers = {
      'no cookie': (await nobody.fetch(url)).status,
      'a forged cookie': (await new ApiUser({ address, cookie: `${user.cookie}x` }).fetch(url))
        .status,
      'a foreign page': (
        await user.fetch(url, { method: 'POST', headers: { origin: 'http://evil.example' } })
      ).status,
      'no such session': (await user.fetch('/s/aaaaaaaaaaaa/')).status,
      'upgrade without cookie': await upgrade({ origin: address }),
      'upgrade from a foreign page': await upgrade({
        origin: 'http://evil.example',
        cookie: user.cookie,
      }),
      'upgrade without Origin': await upgrade({ cookie: user.cookie }),
    }
    for (const [who, status] of Object.entries(answers)) t.equal(status, 404, who)
    await user.ask('DELETE', `/api/v1/sessions/${id}?force=true`)
    await user.untilState(id, 'Stopped')

    function upgrade(headers: Record<string, string>): Promise<number> {
      const socket = new WebSocket(`${address.replace('http', 'ws')}${url}`, { headers })
      return new Promise((resolve, reject) => {
        socket.on('unexpected-response', (_, { statusCode }) => resolve(statusCode ?? 0))
        socket.on('open', () => reject(new Error('the upgrade was let through')))
        socket.on('error', reject)
      })
    }
  })

  await t.test('sign-out ends it', async (t) => {
    const response = await user.fetch('/api/v1/sign-out', { method: 'POST' })
    t.equal(response.status, 204)
    t.match(response.headers.getSetCookie()[0], /Max-Age=0/)
    t.equal((await user.ask('GET', '/api/v1/me')).status, 401, 'for whoever has the cookie')
  })

  await t.test('an Atelier with open streams stops at once and in order', async (t) => {
    const { stdout } = await new TestCli({ directory: atelier.directory }).run('sign-in')
    const stream = await (await signIn(stdout.trim())).fetch('/api/v1/events')
    t.equal(stream.status, 200)
    t.equal(await atelier.stop(), 0)
    await Promise.race([stream.text().catch(() => undefined), delay(10_000)])
  })
})
