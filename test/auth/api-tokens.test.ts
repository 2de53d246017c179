import t, { type Test } from 'tap'
import { ApiTokens } from '../../src/auth/api-tokens.ts'
import { newBearerToken } from '../../src/auth/bearer.ts'
import { SCOPES } from '../../src/auth/scopes.ts'
import type { ErrorCode } from '../../src/errors.ts'
import { until } from '../fixtures/until.ts'
import { TokenRows } from './fixtures/token-rows.ts'

const MINUTE = 60_000
const DAY = 24 * 3600 * 1000
const ann = { user: 'ann', scopes: SCOPES, expiresAt: null }

t.test('a token is read once in 30 s, and its use written once a minute', async (t) => {
  const { tokens, store, clock } = stage()
  const header = await make(tokens)
  for (let request = 0; request < 5; request++) {
    t.match(await tokens.verify(header), { user: 'ann', scopes: ['read'] })
  }
  t.equal(store.finds, 1)
  t.equal(store.touches.length, 1)
  clock.now += 30_001
  await tokens.verify(header)
  t.equal(store.finds, 2)
  t.equal(store.touches.length, 1)
  clock.now += MINUTE
  await tokens.verify(header)
  t.equal(store.touches.length, 2)
})

t.test('requests that come at once cause one reading', async (t) => {
  const { tokens, store } = stage()
  const header = await make(tokens)
  await Promise.all(Array.from({ length: 20 }, () => tokens.verify(header)))
  t.equal(store.finds, 1)
})

t.test('a revoked token is refused at once, here or by a hint from another node', async (t) => {
  for (const revoke of ['here', 'elsewhere'] as const) {
    const { tokens, store } = stage()
    const header = await make(tokens)
    const { id } = await tokens.verify(header)
    if (revoke === 'here') await tokens.revokeToken('ann', id)
    else {
      store.rows.clear()
      t.ok(await tokens.verify(header), 'until it is heard')
      tokens.changed(id)
    }
    await refuses(t, tokens, header, 'TOKEN_INVALID')
  }
})

t.test('a reading that began before the revocation does not bring the token back', async (t) => {
  const { tokens, store } = stage()
  const header = await make(tokens)
  const [id = ''] = [...store.rows.values()].map((row) => row.id)
  const answer = store.hold()
  const early = tokens.verify(header)
  await until(() => store.finds === 1)
  await tokens.revokeToken('ann', id)
  answer()
  await early
  await refuses(t, tokens, header, 'TOKEN_INVALID')
})

t.test('after hints were lost each token is read again', async (t) => {
  const { tokens, store } = stage()
  const header = await make(tokens)
  await tokens.verify(header)
  store.rows.clear()
  tokens.resync()
  await refuses(t, tokens, header, 'TOKEN_INVALID')
})

t.test('an expired token is refused, also one that is remembered', async (t) => {
  const { tokens, clock } = stage()
  const header = await make(tokens, 1)
  clock.now += DAY - 10_000
  await tokens.verify(header)
  clock.now += 10_000
  await refuses(t, tokens, header, 'TOKEN_INVALID')
})

t.test('without the database known tokens work for a while, and others not', async (t) => {
  const { tokens, store, clock } = stage()
  const known = await make(tokens)
  const unknown = await make(tokens)
  await tokens.verify(known)
  store.isDown = true
  clock.now += 14 * MINUTE
  t.match(await tokens.verify(known), { user: 'ann' })
  await refuses(t, tokens, unknown, 'DATABASE_UNAVAILABLE')
  await refuses(t, tokens, `Bearer ${newBearerToken()}`, 'DATABASE_UNAVAILABLE')
  clock.now += 2 * MINUTE
  await refuses(t, tokens, known, 'DATABASE_UNAVAILABLE')
  store.isDown = false
  for (const header of [known, unknown]) t.match(await tokens.verify(header), { user: 'ann' })
})

t.test('what is no token is refused without asking the database', async (t) => {
  const { tokens, store } = stage()
  for (const header of ['', 'Basic YTpi', 'Bearer x', `Bearer ${newBearerToken()}=`]) {
    await refuses(t, tokens, header, 'TOKEN_INVALID')
  }
  t.equal(store.finds, 0)
  await refuses(t, tokens, `Bearer ${newBearerToken()}`, 'TOKEN_INVALID')
})

t.test('nobody can give a scope that he has not', async (t) => {
  const { tokens, store } = stage()
  const wanted = { name: 'more', scopes: ['read', 'admin'] as const, expiresInDays: null }
  const by = { user: 'ann', scopes: ['read', 'sessions'] as const, expiresAt: null }
  await t.rejects(tokens.createToken(by, wanted), { code: 'FORBIDDEN_SCOPE', message: /admin/ })
  t.equal(store.rows.size, 0)
})

t.test('no token makes one that outlives it, and nobody has more than 100', async (t) => {
  const { tokens, store, clock } = stage()
  const by = { ...ann, expiresAt: new Date(clock.now + 2 * DAY) }
  const wanted = { name: 'longer', scopes: ['read'] as const }
  for (const expiresInDays of [null, 3]) {
    await t.rejects(tokens.createToken(by, { ...wanted, expiresInDays }), { message: /ends later/ })
  }
  await tokens.createToken(by, { ...wanted, expiresInDays: 2 })
  for (let made = 1; made < 100; made++) await make(tokens)
  await t.rejects(make(tokens), { code: 'TOO_MANY_TOKENS' })
  t.equal(store.rows.size, 100)
})

t.test('what goes on with a token ends once, when it is revoked or expires', async (t) => {
  const { tokens, clock } = stage()
  const expiring = await tokens.verify(await make(tokens, 1))
  const lasting = await tokens.verify(await make(tokens, 3650))
  const ended: string[] = []
  tokens.follow(lasting, () => ended.push('lasting'))
  tokens.follow(lasting, () => ended.push('again'))
  const leave = tokens.follow(lasting, () => ended.push('gone'))
  leave()
  clock.now += DAY - 5
  tokens.follow(expiring, () => ended.push('expiring'))
  await until(() => ended.length > 0)
  t.strictSame(ended, ['expiring'])
  await tokens.revokeToken('ann', lasting.id)
  tokens.changed(lasting.id)
  tokens.resync()
  t.strictSame(ended, ['expiring', 'lasting', 'again'])
})

function stage() {
  const clock = { now: Date.now() }
  const store = new TokenRows(clock)
  return { clock, store, tokens: new ApiTokens({ store, now: () => clock.now }) }
}

async function make(tokens: ApiTokens, expiresInDays: number | null = null): Promise<string> {
  const wanted = { name: 'ci', scopes: ['read'] as const, expiresInDays }
  return `Bearer ${(await tokens.createToken(ann, wanted)).token}`
}

async function refuses(t: Test, tokens: ApiTokens, header: string, code: ErrorCode) {
  await t.rejects(tokens.verify(header), { code })
}
