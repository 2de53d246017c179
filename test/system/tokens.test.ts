import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { WebSocket } from 'ws'
import { ApiUser, signIn } from '../fixtures/api.ts'
import { startTestAtelier } from '../fixtures/atelier.ts'
import { withBuiltInDatabase } from '../fixtures/built-in-database.ts'
import { TestCli } from '../fixtures/cli.ts'
import { until } from '../fixtures/until.ts'

interface Token {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly expiresAt: string | null
  readonly lastUsedAt: string | null
  readonly token: string
}

interface ErrorAnswer {
  readonly error: { readonly code: string; readonly message: string }
}

t.test('API tokens of one server', async (t) => {
  const atelier = await startTestAtelier(t, [
    'log.level=debug',
    'server.host=127.0.0.2',
    'api.sign_ins_per_minute=1000',
  ])
  const { address, directory } = atelier
  const user = await signIn(atelier.signInLink)
  const cli = new TestCli({ directory })
  const made: string[] = []
  t.equal(new URL(address).hostname, '127.0.0.2')

  const make = async (scopes: readonly string[], expiresInDays: number | null = null) => {
    const wanted = { name: 'test', scopes, expiresInDays }
    const { status, body } = await user.ask<Token>('POST', '/api/v1/tokens', wanted)
    t.equal(status, 201)
    made.push(body.token)
    return body
  }
  const ask = async (token: string, method: string, path: string, body?: object) => {
    const response = await fetch(`${address}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text && JSON.parse(text) }
  }
  const refused = (code: string) => ({ status: 401, body: { error: { code } } })

  await t.test('a token is answered once, and then listed without itself', async (t) => {
    const token = await make(['read', 'read'], 30)
    t.match(token, { name: 'test', scopes: ['read'], lastUsedAt: null })
    t.match(token.token, /^atl_[\w-]{43}$/)
    const days = (Date.parse(token.expiresAt ?? '') - Date.now()) / (24 * 3600 * 1000)
    t.ok(days > 29.9 && days < 30.1)
    t.match(await ask(token.token, 'GET', '/api/v1/me'), { status: 200 })
    const items = await until(async () => {
      const { body } = await user.ask<{ items: Token[] }>('GET', '/api/v1/tokens')
      return body.items[0]?.lastUsedAt && body.items
    })
    t.match(items, [{ id: token.id, scopes: ['read'], expiresAt: token.expiresAt }])
    t.notMatch(JSON.stringify(items), token.token)
  })

  await t.test('bad tokens are not made', async (t) => {
    const good = { name: 'x', scopes: ['read'], expiresInDays: 1 }
    const cases: [body: object, says: RegExp][] = [
      [{ ...good, name: ' ' }, /^name: /],
      [{ ...good, name: 'a\u0000' }, /^name: .*control/],
      [{ ...good, name: 'x'.repeat(101) }, /^name: .*100/],
      [{ ...good, scopes: [] }, /^scopes: /],
      [{ ...good, scopes: ['root'] }, /^scopes\.0: .*"admin"/],
      [{ ...good, expiresInDays: 0 }, /^expiresInDays: /],
      [{ ...good, expiresInDays: 3651 }, /^expiresInDays: /],
      [{ ...good, expiresInDays: 1.5 }, /^expiresInDays: /],
      [{ name: 'x', scopes: ['read'] }, /^expiresInDays: /],
      [{ ...good, user: 'root' }, /user/],
    ]
    for (const [wanted, says] of cases) {
      const { status, body } = await user.ask<ErrorAnswer>('POST', '/api/v1/tokens', wanted)
      t.match({ status, message: body.error.message }, { status: 400, message: says })
    }
    t.match(await user.ask('DELETE', '/api/v1/tokens/none'), {
      status: 404,
      body: { error: { code: 'TOKEN_NOT_FOUND' } },
    })
  })

  await t.test('a token may do what its scopes say, and no more', async (t) => {
    const read = (await make(['read'])).token
    const sessions = (await make(['sessions'])).token
    const admin = (await make(['admin', 'read'])).token
    const forbidden = { status: 403, body: { error: { code: 'FORBIDDEN_SCOPE' } } }
    const wanted = { name: 'x', scopes: ['read'], expiresInDays: null }
    t.match(await ask(read, 'GET', '/api/v1/sessions'), { status: 200 })
    t.match(await ask(read, 'POST', '/api/v1/sessions', { ide: 'emacs' }), forbidden)
    t.match(await ask(read, 'DELETE', '/api/v1/sessions/none'), forbidden)
    t.match(await ask(sessions, 'DELETE', '/api/v1/sessions/none'), { status: 404 })
    t.match(await ask(sessions, 'GET', '/api/v1/sessions'), forbidden)
    for (const token of [read, sessions]) {
      t.match(await ask(token, 'GET', '/api/v1/tokens'), forbidden)
      t.match(await ask(token, 'POST', '/api/v1/tokens', wanted), forbidden)
      t.match(await ask(token, 'DELETE', '/api/v1/tokens/none'), forbidden)
    }
    const another = await ask(admin, 'POST', '/api/v1/tokens', wanted)
    t.equal(another.status, 201)
    made.push(another.body.token)
    const more = { ...wanted, scopes: ['sessions', 'read'] }
    t.match(await ask(admin, 'POST', '/api/v1/tokens', more), forbidden)
  })

  await t.test('what is no token is refused, with a good cookie too', async (t) => {
    const unknown = `atl_${'A'.repeat(43)}`
    const bearers = [unknown, 'x', ''].map((token) => `Bearer ${token}`.trim())
    const asked = bearers.map((authorization) => [authorization, ''] as const)
    for (const [authorization, cookie] of [...asked, [`Bearer ${unknown}`, user.cookie] as const]) {
      const headers = { authorization, ...(cookie && { cookie }) }
      const response = await fetch(`${address}/api/v1/me`, { headers })
      t.equal(response.status, 401)
      t.match(response.headers.get('www-authenticate'), /^Bearer error="invalid_token"$/)
      t.match(await response.json(), { error: { code: 'TOKEN_INVALID' } })
    }
    t.equal(
      (await user.ask('GET', '/api/v1/me')).status,
      200,
      'the cookie alone is as good as ever',
    )
    const basic = { authorization: 'Basic YTpi' }
    const behind = await user.fetch('/api/v1/me', { headers: basic })
    t.equal(behind.status, 200, 'also behind a proxy that asks for a password of its own')
    const added = await user.fetch('/api/v1/me', { headers: { authorization: 'Bearer eyJ.x.y' } })
    t.equal(added.status, 200, 'and behind one that adds a token of its own')
    t.equal((await fetch(`${address}/api/v1/me`, { headers: basic })).status, 401)
  })

  await t.test('a program needs no Origin, and another web site gets no further', async (t) => {
    const { token } = await make(['read', 'sessions', 'admin'])
    const headers = { authorization: `bEaReR ${token}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ name: 'x', scopes: ['read'], expiresInDays: 1 })
    const post = (more: Record<string, string>) =>
      fetch(`${address}/api/v1/tokens`, { method: 'POST', headers: { ...headers, ...more }, body })
    const own = await post({})
    t.equal(own.status, 201)
    made.push(((await own.json()) as Token).token)
    t.equal((await post({ origin: 'http://evil.example' })).status, 403)
    t.equal((await post({ origin: 'http://evil.example', cookie: user.cookie })).status, 403)
  })

  await t.test('a token opens no session, neither by request nor by upgrade', async (t) => {
    const { token } = await make(['read', 'sessions', 'admin'])
    const nobody = new ApiUser({ address, cookie: '' })
    const session = await user.start('jupyterlab')
    const headers = { authorization: `Bearer ${token}` }
    t.equal((await nobody.fetch(`${session.url}api/status`, { headers })).status, 404)
    t.equal((await user.fetch(`${session.url}api/status`, { headers })).status, 200)
    const status = await new Promise((resolve) => {
      const url = `${address.replace('http', 'ws')}${session.url}api/events/subscribe`
      const socket = new WebSocket(url, { headers: { ...headers, origin: address } })
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode))
      socket.on('open', () => resolve('open'))
    })
    t.equal(status, 404)
    await user.ask('DELETE', `/api/v1/sessions/${session.id}?force=true`)
    await user.untilState(session.id, 'Stopped')
  })

  await t.test('a revoked token is refused at once, and its streams end', async (t) => {
    const { id, token } = await make(['read'])
    const headers = { authorization: `Bearer ${token}` }
    const stream = await fetch(`${address}/api/v1/events`, { headers })
    t.equal(stream.status, 200)
    const ended = stream.text().then(
      () => 'ended',
      () => 'ended',
    )
    t.equal((await user.ask('DELETE', `/api/v1/tokens/${id}`)).status, 204)
    t.match(await ask(token, 'GET', '/api/v1/me'), refused('TOKEN_INVALID'))
    t.equal(await ended, 'ended')
    t.equal((await user.ask('DELETE', `/api/v1/tokens/${id}`)).status, 404)
  })

  await t.test('a token can revoke itself', async (t) => {
    const { id, token } = await make(['admin'])
    t.match(await ask(token, 'DELETE', `/api/v1/tokens/${id}`), { status: 204 })
    t.match(await ask(token, 'GET', '/api/v1/me'), refused('TOKEN_INVALID'))
  })

  await t.test('an expired token is refused', async (t) => {
    const { id, token } = await make(['read'], 1)
    await query(directory, `update atelier.api_tokens set expires_at = now() where id = '${id}'`)
    t.match(await ask(token, 'GET', '/api/v1/me'), refused('TOKEN_INVALID'))
  })

  await t.test('a revocation elsewhere is heard within seconds', async (t) => {
    const { id, token } = await make(['read'])
    t.match(await ask(token, 'GET', '/api/v1/me'), { status: 200 })
    // As another node does it.
    await query(directory, `delete from atelier.api_tokens where id = '${id}'`)
    await query(directory, `select pg_notify('atelier', '{"kind":"token","id":"${id}"}')`)
    await until(async () => (await ask(token, 'GET', '/api/v1/me')).status === 401, 10_000)
  })

  await t.test('from the command line, also on another machine', async (t) => {
    const create = ['token', 'create', '--name', 'laptop', '--scope', 'read', 'sessions', 'admin']
    const { stdout, code } = await cli.run(...create)
    t.equal(code, 0)
    t.match(stdout, /^atl_[\w-]{43}\n$/)
    made.push(stdout.trim())
    const environment = { ATELIER_ADDRESS: address, ATELIER_TOKEN: stdout.trim() }
    const away = new TestCli({ directory: '/nowhere', environment })
    t.match(await away.run('session', 'list'), { code: 0, stdout: /jupyterlab.*Stopped/ })
    const { items } = await away.json<{ items: Token[] }>('token', 'list')
    const own = items.find(({ name }) => name === 'laptop')
    t.ok(own)
    t.match(await away.run('token', 'revoke', own?.id ?? ''), { code: 0 })
    t.match(await away.run('session', 'list'), {
      code: 1,
      stderr: /wrong, has expired or was revoked/,
    })
  })

  await t.test('without the database a token in use works, as the cookie does', async (t) => {
    const { token } = await make(['read'])
    t.match(await ask(token, 'GET', '/api/v1/me'), { status: 200 })
    const postgres = await atelier.pid('postgres')
    // A frozen postmaster takes no connection, and those there are end: nobody sees it die, so nobody starts it again.
    await withBuiltInDatabase(directory, async (client) => {
      process.kill(postgres, 'SIGSTOP')
      await client.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and usename is not null',
      )
    })
    t.match(await ask(token, 'GET', '/api/v1/me'), { status: 200 })
    const unknown = await ask(`atl_${'A'.repeat(43)}`, 'GET', '/api/v1/me')
    process.kill(postgres, 'SIGCONT')
    t.match(unknown, { status: 503, body: { error: { code: 'DATABASE_UNAVAILABLE' } } })
  })

  await t.test('no token is anywhere at rest: neither in the database nor in a log', async (t) => {
    t.equal(await atelier.stop(), 0)
    t.ok(made.length > 5)
    const files = readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
    t.ok(files.some((file) => file.includes('/postgres/')))
    t.ok(files.some((file) => file.endsWith('.log')))
    const secrets = made.map((token) => Buffer.from(token.slice(4)))
    for (const file of files) {
      const content = readFileSync(file)
      if (secrets.some((secret) => content.includes(secret))) t.fail(file)
    }
    t.notOk(made.some((token) => atelier.output().includes(token)))
  })
})

/** Tells the built-in database something behind Atelier's back. */
async function query(directory: string, sql: string): Promise<void> {
  await withBuiltInDatabase(directory, (client) => client.query(sql))
}
