import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { customAlphabet } from 'nanoid'
import t from 'tap'
import { isRoot, makeAccount } from '../fixtures/accounts.ts'
import { ApiUser, type SessionAnswer } from '../fixtures/api.ts'
import { startTestCluster } from '../fixtures/cluster.ts'
import { BY_PASSWORD, makePamService } from '../fixtures/pam-service.ts'
import { post, signInByPassword, tryPassword } from '../fixtures/sign-in.ts'

const newName = customAlphabet('abcdefghijklmnopqrstuvwxyz', 8)
const newGroup = () => `t-${newName()}`
const PASSWORD = '/api/v1/sign-in/password'
const PROXIED = '/api/v1/sign-in/proxied'
interface List {
  readonly items: readonly (SessionAnswer & { readonly user: string })[]
}

t.test('people sign in by user name and password', { skip: !isRoot }, async (t) => {
  const [admins, members] = [newGroup(), newGroup()]
  const ann = await makeAccount(t, { groups: [admins, members] })
  const bob = await makeAccount(t, { groups: [members] })
  const carol = await makeAccount(t)
  const { nodes } = await startTestCluster(t, {
    nodes: 1,
    settings: {
      auth: { method: 'pam', required_group: members, admin_group: admins },
      launcher: { pam_service: makePamService(t, ...BY_PASSWORD) },
      api: { sign_ins_per_minute: 9 },
    },
  })
  const [node] = nodes
  if (node === undefined) throw new Error('there is no node')
  const { address } = node

  await t.test('with the right one, and as an account that may', async (t) => {
    t.match(await tryPassword(address, { user: ann.name, password: 'wrong' }), {
      status: 401,
      code: 'SIGN_IN_FAILED',
    })
    t.match(await tryPassword(address, { user: 'nobody-of-that-name', password: 'x' }), {
      status: 401,
      code: 'SIGN_IN_FAILED',
    })
    t.match(await tryPassword(address, { user: carol.name, password: carol.password }), {
      status: 403,
      code: 'ACCOUNT_REFUSED',
      message: `Only members of the group ${members} may sign in here.`,
      cookie: '',
    })
    const me = async (account: typeof ann) =>
      (await (await signInByPassword(address, account)).ask('GET', '/api/v1/me')).body
    t.match(await me(ann), { user: ann.name, role: 'administrator', signIn: { method: 'pam' } })
    t.match(await me(bob), { user: bob.name, role: 'user' })
  })

  await t.test('from our own page, as JSON', async (t) => {
    const body = { user: bob.name, password: bob.password }
    const evil = { origin: 'http://evil.example' }
    t.match(await post(address, PASSWORD, { body, headers: evil }), { status: 403, cookie: '' })
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    t.match(await post(address, PASSWORD, { headers: form }), { status: 400, cookie: '' })
    t.match(await post(address, PROXIED, { headers: { 'x-atelier-user': bob.name } }), {
      status: 409,
      code: 'SIGN_IN_OTHERWISE',
      cookie: '',
    })
  })

  const admin = await signInByPassword(address, ann)
  const user = await signInByPassword(address, bob)

  await t.test('what concerns everybody is for administrators', async (t) => {
    const { body } = await user.ask<{ token: string }>('POST', '/api/v1/tokens', {
      name: 'x',
      scopes: ['read', 'sessions', 'admin'],
      expiresInDays: 1,
    })
    const headers = { authorization: `Bearer ${body.token}` }
    for (const [method, path] of [
      ['GET', '/nodes'],
      ['GET', '/nodes/events'],
      ['GET', `/nodes/${node.name}/sessions`],
      ['POST', `/nodes/${node.name}/drain`],
      ['DELETE', `/nodes/${node.name}`],
      ['GET', `/sessions?user=${ann.name}`],
      ['GET', '/sessions?user=*'],
    ] as const) {
      const refused = { status: 403, body: { error: { code: 'ADMINISTRATORS_ONLY' } } }
      t.match(await user.ask(method, `/api/v1${path}`), refused, `${method} ${path}`)
      const byToken = await fetch(`${address}/api/v1${path}`, { method, headers })
      t.equal(byToken.status, 403, 'a token can do what its owner can')
      t.match(await byToken.json(), refused.body)
    }
    t.equal((await admin.ask('GET', '/api/v1/nodes')).status, 200)
    t.equal((await user.ask('GET', `/api/v1/sessions?user=${bob.name}`)).status, 200)
  })

  await t.test('administrators see and stop the sessions of others, and open none', async (t) => {
    const session = await user.start('jupyterlab')
    const path = `/api/v1/sessions/${session.id}`
    for (const whose of [bob.name, '*']) {
      const { body } = await admin.ask<List>('GET', `/api/v1/sessions?user=${whose}`)
      t.match(body.items, [{ id: session.id, user: bob.name, state: 'Active' }])
    }
    t.strictSame((await admin.ask<List>('GET', '/api/v1/sessions')).body.items, [])
    t.equal((await admin.fetch(`${session.url}api/status`)).status, 404)
    t.equal((await admin.ask('GET', path)).status, 404)
    t.equal((await admin.ask('GET', `${path}/output`)).status, 404)
    t.equal((await admin.ask('PATCH', path, { name: 'mine' })).status, 404)
    t.equal((await admin.ask('DELETE', `${path}?force=true`)).status, 202)
    await user.untilState(session.id, 'Stopped')
    const own = await admin.ask<SessionAnswer>('POST', '/api/v1/sessions', { ide: 'jupyterlab' })
    t.equal((await user.ask('DELETE', `/api/v1/sessions/${own.body.id}`)).status, 404)
    await admin.ask('DELETE', `/api/v1/sessions/${own.body.id}?force=true`)
  })

  await t.test('who leaves the group is shut out within about a minute', async (t) => {
    const made = await user.ask<{ token: string }>('POST', '/api/v1/tokens', {
      name: 'y',
      scopes: ['read'],
      expiresInDays: 1,
    })
    const headers = { authorization: `Bearer ${made.body.token}` }
    const streams = [
      await user.fetch('/api/v1/events'),
      await fetch(`${address}/api/v1/events`, { headers }),
    ]
    await execa('gpasswd', ['--delete', bob.name, members])
    const began = performance.now()
    await Promise.all(streams.map((each) => each.text().catch(() => undefined)))
    t.comment(`the streams ended after ${Math.round((performance.now() - began) / 1000)} s`)
    t.equal((await user.ask('GET', '/api/v1/me')).status, 401)
    const byToken = await fetch(`${address}/api/v1/me`, { headers })
    t.match(await byToken.json(), { error: { code: 'ACCOUNT_REFUSED' } })
    t.match(await tryPassword(address, { user: bob.name, password: bob.password }), { status: 403 })
    t.equal((await admin.ask('GET', '/api/v1/me')).status, 200, 'and nobody else')
  })

  await t.test(
    'guesses at one account are few, and those of one client not many more',
    async (t) => {
      // Their minute may have begun before.
      const guess = async (user: string) =>
        (await tryPassword(address, { user, password: 'x' })).status
      const many = async (user: string) =>
        Promise.all(Array.from({ length: 12 }, () => guess(user)))
      const tried = await many(carol.name.toUpperCase())
      t.ok(tried.filter((status) => status === 401).length <= 3, tried.join(' '))
      t.ok(tried.includes(429))
      for (let each = 0; each < 9; each++) await guess(`nobody-${each}`)
      t.equal(await guess('nobody-else'), 429)
    },
  )

  await t.test('no log has a password', (t) => {
    for (const log of ['node.log', 'launcher.log']) {
      const text = readFileSync(join(node.directory, log), 'utf8')
      for (const { password } of [ann, bob, carol]) t.notMatch(text, password)
      t.ok(text.length > 0)
    }
    t.ok(node.log().some(({ msg, user: name }) => /signed in by p/.test(msg) && name === ann.name))
    t.end()
  })
})

const PROXY_SECRET = 'shown-by-the-proxy'
const SHOWN = { 'x-atelier-proxy-secret': PROXY_SECRET }

t.test('people sign in by a proxy in front', { skip: !isRoot }, async (t) => {
  const [ann, bob] = [await makeAccount(t), await makeAccount(t)]
  const { nodes } = await startTestCluster(t, {
    nodes: 1,
    settings: {
      auth: {
        method: 'proxied',
        proxied_from: ['127.0.0.2'],
        proxied_header: 'x-remote-user',
        proxied_secret: PROXY_SECRET,
        sign_in_url: 'https://sso.example.com/',
        sign_out_url: '/oauth2/sign_out',
      },
    },
  })
  const address = nodes[0]?.address ?? ''
  const by = (user: string | string[], from = '127.0.0.2', headers = {}) =>
    post(address, PROXIED, { from, headers: { 'x-remote-user': user, ...SHOWN, ...headers } })

  await t.test('whom it names once, if it is trusted', async (t) => {
    t.match(await by(ann.name), { status: 204, cookie: /^atelier-/ })
    const unshown = { 'x-atelier-proxy-secret': 'a-wrong-secret-here' }
    t.match(await by(ann.name, '127.0.0.2', unshown), { status: 401, cookie: '' })
    t.match(await by(ann.name, '127.0.0.1'), { status: 401, code: 'NOT_SIGNED_IN', cookie: '' })
    t.match(await post(address, PROXIED, { from: '127.0.0.2' }), { status: 401, cookie: '' })
    t.match(await by([ann.name, bob.name]), { status: 401, code: 'SIGN_IN_FAILED', cookie: '' })
    for (const name of ['root', 'daemon', 'nobody-of-that-name', '../x', '0', String(ann.uid)]) {
      t.match(await by(name), { status: 403, code: 'ACCOUNT_REFUSED', cookie: '' }, name)
    }
  })

  await t.test('and by TLS in front the cookie is bound to this host', async (t) => {
    const tls = { 'x-forwarded-proto': 'https' }
    const { cookie } = await by(ann.name, '127.0.0.2', tls)
    t.match(cookie, /^__Host-atelier-/)
    const { status } = await new ApiUser({ address, cookie }).ask('GET', '/api/v1/me')
    t.equal(status, 200)
  })

  await t.test("a request of somebody else's browser does not go by the cookie", async (t) => {
    const { cookie } = await by(ann.name)
    const me = (headers: Record<string, string | string[]>, from = '127.0.0.2') =>
      post(address, '/api/v1/me', {
        method: 'GET',
        from,
        headers: { cookie, ...SHOWN, ...headers },
      })
    t.match(await me({}), { status: 200 })
    t.match(await me({ 'x-remote-user': ann.name }), { status: 200 })
    t.match(await me({ 'x-remote-user': bob.name }), { status: 401 })
    t.match(await me({ 'x-remote-user': [ann.name, bob.name] }), { status: 401 })
    t.match(await me({ 'x-remote-user': bob.name }, '127.0.0.1'), { status: 200 })
  })

  await t.test('the pages are told where one signs in and out', async (t) => {
    const { body } = await new ApiUser({ address, cookie: '' }).ask('GET', '/api/v1/sign-in')
    t.strictSame(body, {
      method: 'proxied',
      signInUrl: 'https://sso.example.com/',
      signOutUrl: '/oauth2/sign_out',
    })
    t.match(await tryPassword(address, { user: ann.name, password: ann.password }), {
      status: 409,
      code: 'SIGN_IN_OTHERWISE',
    })
  })

  await t.test('root may speak for anybody, and says for whom', async (t) => {
    const file = join(nodes[0]?.directory ?? '', 'atelier.toml')
    const script = new URL('../../dist/src/main.js', import.meta.url).pathname
    const run = (...args: string[]) => {
      // The port is any that was free.
      const port = `server.port=${new URL(address).port}`
      const all = [script, ...args, '--config', file, '--set', port]
      return execa(process.execPath, all, { reject: false, extendEnv: false })
    }
    t.match(await run('session', 'list', '--user', ann.name), { stdout: /You have no sessions/ })
    t.match(await run('session', 'list'), { exitCode: 1, stderr: /Say for whom this is: --user/ })
    t.match(await run('node', 'list', '--user', ann.name), { stderr: /Only administrators/ })
    t.match(await run('session', 'list', '--user', 'root'), { stderr: /account of the system/ })
    t.match(await run('sign-in'), { exitCode: 1, stderr: /through the proxy in front of http/ })
    const made = await run('token', 'create', '--name=x', '--scope=read', '--user', bob.name)
    const headers = { authorization: `Bearer ${made.stdout}` }
    const me = await fetch(`${address}/api/v1/me`, { headers })
    t.match(await me.json(), { user: bob.name, role: 'user' })
  })
})
