import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { namedAtelier } from '../../src/cli/connect.ts'
import { CommandFailure } from '../../src/cli/failure.ts'
import { readLifetime } from '../../src/cli/lifetime.ts'
import { runWith } from './fixtures/run.ts'

const TOKEN = `atl_${'x'.repeat(43)}`
const listed = {
  id: 'abc',
  name: 'ci',
  scopes: ['read', 'sessions'],
  createdAt: '2026-11-01T00:00:00.123Z',
  expiresAt: '2026-12-01T00:00:00.123Z',
  lastUsedAt: null,
}

t.test('a token is made and printed alone, so that it can be piped', async (t) => {
  const api = await fakeApi(t, 201, { ...listed, token: 'atl_new' })
  const create = ['token', 'create', '--name', 'ci', '--scope', 'read', '--scope', 'sessions']
  const made = await runWith(api.environment, ...create, '--expires', '30d')
  t.strictSame(made, { code: 0, stdout: 'atl_new\n', stderr: '' })
  t.match(api.requests, [
    { line: 'POST /api/v1/tokens', headers: { authorization: `Bearer ${TOKEN}` } },
  ])
  const scopes = ['read', 'sessions']
  t.strictSame(api.requests[0]?.body, { name: 'ci', scopes, expiresInDays: 30 })

  const asJson = await runWith(api.environment, ...create, '--expires', 'never', '--json')
  t.strictSame(JSON.parse(asJson.stdout), { ...listed, token: 'atl_new' })
  t.match(api.requests[1]?.body, { expiresInDays: null })
  await runWith(api.environment, ...create)
  t.match(api.requests[2]?.body, { expiresInDays: 90 }, 'unless something else is said')
})

t.test('tokens are listed and revoked', async (t) => {
  const api = await fakeApi(t, 200, { items: [listed] })
  const { stdout } = await runWith(api.environment, 'token', 'list')
  t.match(stdout, /^ID .*LAST USED\nabc {2}ci .*read,sessions {2}2026-12-01T00:00:00Z {2}never\n$/)
  const revoked = await runWith(api.environment, 'token', 'revoke', 'a/b')
  t.match(revoked, { code: 0, stdout: 'a/b  revoked\n' })
  t.equal(api.requests.at(-1)?.line, 'DELETE /api/v1/tokens/a%2Fb')
  const none = await fakeApi(t, 200, { items: [] })
  t.match(await runWith(none.environment, 'token', 'list'), { stdout: /You have no API tokens/ })
})

t.test('sessions can be used with a token too; their address then signs nobody in', async (t) => {
  const session = { id: 'aaa', name: 'one', ide: 'vscode', url: '/s/aaa/', state: 'Active' }
  const api = await fakeApi(t, 200, {
    items: [{ ...session, reason: null, stateAt: '' }],
    next: null,
  })
  const { stdout } = await runWith(api.environment, 'session', 'open', 'one')
  t.equal(stdout, `${api.environment.ATELIER_ADDRESS}/s/aaa/\n`)
  t.match(api.requests, [{ headers: { authorization: `Bearer ${TOKEN}` } }])
})

t.test('what is wrong with a token command is said in a sentence', async (t) => {
  const name = ['--name', 'ci']
  const cases: [args: string[], says: RegExp][] = [
    [[], /required option '--name <name>'/],
    [name, /required option '--scope <scope\.\.\.>'/],
    [[...name, '--scope', 'root'], /Allowed choices are read, sessions, jobs, admin/],
    [[...name, '--scope', 'read', '--expires', '3651d'], /from 1d to 3650d, or never/],
    [[...name, '--scope', 'read', '--expires', '90'], /from 1d to 3650d, or never/],
  ]
  for (const [args, says] of cases) {
    t.match(await runWith({}, 'token', 'create', ...args), { code: 2, stdout: '', stderr: says })
  }
})

t.test('the environment names an Atelier wholly, well, or not at all', async (t) => {
  const good = { ATELIER_ADDRESS: ' https://atelier.example/ ', ATELIER_TOKEN: `${TOKEN}\n` }
  t.strictSame(namedAtelier(good), { address: 'https://atelier.example', token: TOKEN })
  t.equal(namedAtelier({ ATELIER_ADDRESS: '', ATELIER_TOKEN: '' }), undefined)
  const cases: [address: string, token: string, says: RegExp][] = [
    ['', TOKEN, /set ATELIER_ADDRESS too/],
    ['https://a.example', '', /set ATELIER_TOKEN too/],
    ['a.example', TOKEN, /write it as https/],
    ['ftp://a.example', TOKEN, /write it as https/],
    ['https://u:p@a.example', TOKEN, /write it as https/],
    ['https://a.example/api/v1', TOKEN, /write it as https/],
    ['https://a.example', `${TOKEN} x`, /copy it again/],
    ['https://a.example', `${TOKEN}é`, /copy it again/],
  ]
  for (const [ATELIER_ADDRESS, ATELIER_TOKEN, says] of cases) {
    const environment = { ATELIER_ADDRESS, ATELIER_TOKEN }
    const { code, stderr } = await runWith(environment, 'session', 'list')
    t.equal(code, 1)
    t.match(stderr, says)
    t.notMatch(stderr, TOKEN)
  }
})

t.test('whatever is in the environment, no token is ever quoted', (t) => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.constant(TOKEN))
  fc.assert(
    fc.property(text, fc.stringMatching(/^[^\s]{8,}$/), (address, secret) => {
      fc.pre(!address.includes(secret))
      try {
        const named = namedAtelier({ ATELIER_ADDRESS: address, ATELIER_TOKEN: secret })
        t.ok(named && new URL(named.address).origin === named.address)
      } catch (error) {
        t.ok(error instanceof CommandFailure && !error.message.includes(secret))
      }
    }),
  )
  t.end()
})

t.test('a lifetime is its days, and only within the limits', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: -5, max: 20_000 }), (days) => {
      t.equal(readLifetime(`${days}d`), days >= 1 && days <= 3650 ? days : undefined)
    }),
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const days = readLifetime(text)
      if (days !== undefined && days !== null) t.equal(`${days}d`, text.replace(/^0+/, ''))
    }),
  )
  t.equal(readLifetime('never'), null)
  t.end()
})

/** Something that answers every request the same, and the environment that names it. */
async function fakeApi(t: Test, status: number, answer: object) {
  const requests: { line: string; headers: IncomingHttpHeaders; body: unknown }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      const { method, url, headers } = request
      requests.push({ line: `${method} ${url}`, headers, body: body && JSON.parse(body) })
      response.writeHead(status).end(JSON.stringify(answer))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  const environment = { ATELIER_ADDRESS: `http://127.0.0.1:${port}`, ATELIER_TOKEN: TOKEN }
  return { requests, environment }
}
