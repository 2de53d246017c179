import { randomBytes } from 'node:crypto'
import { SignJWT } from 'jose'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { ClusterKey, readClusterKey } from '../../src/auth/cluster-key.ts'
import { SignInCookie } from '../../src/auth/cookie.ts'
import type { SignIn } from '../../src/auth/sign-in.ts'

const DAY_MS = 86_400_000
const clusterKey = new ClusterKey(randomBytes(32))
const cookie = new SignInCookie({ clusterKey })
const signInOf = (user: string): SignIn => {
  const now = Date.now()
  return { id: `of-${user}`, user, at: now - 5, renewedAt: now, end: now + 30 * DAY_MS }
}
const sealed = async (user: string, secure = false) =>
  (await cookie.seal(signInOf(user), secure)).split(';')[0] ?? ''

t.test('a sealed cookie opens again, also beside other cookies', async (t) => {
  const signIn = { id: 'one', user: 'alice', at: 1000, renewedAt: 2001, end: Date.now() + DAY_MS }
  const [pair = ''] = (await cookie.seal(signIn, false)).split(';')
  const header = `_xsrf=2|a; ${pair}; x=y`
  t.strictSame(await cookie.open({ cookie: header }), signIn)
  t.strictSame(await cookie.open({ cookie: header }), signIn, 'and once more from memory')
})

t.test('a cookie is HttpOnly, Lax and for all paths, and bound to the host over TLS', async (t) => {
  const secure = await cookie.seal(signInOf('alice'), true)
  const plain = await cookie.seal(signInOf('alice'), false)
  t.match(secure, /^__Host-atelier-\w+=.*Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
  t.match(plain, /^atelier-\w+=.*Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/)
  t.notMatch(secure, 'Domain')
})

t.test('both names are read, first the one that only TLS can have set', async (t) => {
  const both = `${await sealed('bob')}; ${await sealed('alice', true)}`
  t.match(await cookie.open({ cookie: both }), { user: 'alice' })
  t.match(await cookie.open({ cookie: await sealed('alice', true) }), { user: 'alice' })
  const damaged = `__Host-${cookie.name}=x; ${await sealed('bob')}`
  t.match(await cookie.open({ cookie: damaged }), { user: 'bob' })
})

t.test('signing out takes the cookie away under both names', (t) => {
  const names = (secure: boolean) => cookie.clear(secure).map((each) => each.split('=')[0])
  t.strictSame(names(true), [cookie.name, `__Host-${cookie.name}`])
  t.strictSame(names(false), [cookie.name], 'over plain HTTP browsers take no other')
  for (const each of cookie.clear(true)) t.match(each, /=; Max-Age=0;/)
  t.end()
})

t.test('what we did not seal does not open', async (t) => {
  const other = new SignInCookie({ clusterKey: new ClusterKey(randomBytes(32)) })
  const [, foreign = ''] = /=([^;]*)/.exec(await other.seal(signInOf('alice'), false)) ?? []
  const key = clusterKey.derive('sign-in cookie')
  const jwt = (claims: Record<string, unknown>) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(key)
  const claims = { sub: 'alice', jti: 'x', iat: 1, auth_time: 1, exp: 99_999_999_999 }
  const header = Buffer.from('{"alg":"none"}').toString('base64url')
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url')
  const bad: Record<string, string> = {
    'another key': foreign,
    'no signature': `${header}.${body}.`,
    expired: await jwt({ ...claims, exp: 2 }),
    'the former form': await jwt({ sub: 'alice', iat: 1, exp: 99_999_999_999 }),
    rubbish: 'rubbish',
    empty: '',
  }
  for (const claim of Object.keys(claims)) {
    bad[`without ${claim}`] = await jwt({ ...claims, [claim]: undefined })
  }
  bad['a time that is none'] = await jwt({ ...claims, auth_time: '1' })
  for (const [name, value] of Object.entries(bad)) {
    t.equal(await cookie.open({ cookie: `${cookie.name}=${value}` }), undefined, name)
  }
  t.ok(await cookie.open({ cookie: `${cookie.name}=${await jwt(claims)}` }), 'with all of it')
  t.equal(await cookie.open({}), undefined, 'no cookie at all')
})

t.test(
  'the cluster key is made once, kept private, and refused when others can read it',
  async (t) => {
    const { chmodSync, statSync, writeFileSync } = await import('node:fs')
    const file = `${t.testdir()}/deep/cluster.key`
    const first = readClusterKey(file)
    t.equal(statSync(file).mode & 0o777, 0o600)
    t.equal(readClusterKey(file).fingerprint, first.fingerprint)
    t.not(first.derive('a').equals(first.derive('b')), true)
    chmodSync(file, 0o644)
    t.throws(() => readClusterKey(file), /chmod 600/)
    chmodSync(file, 0o640)
    if (statSync(file).uid === 0) t.ok(readClusterKey(file), 'root may let a group read it')
    else t.throws(() => readClusterKey(file), /chmod 600/)
    writeFileSync(file, 'short\n')
    chmodSync(file, 0o600)
    t.throws(() => readClusterKey(file), /32 bytes/)
  },
)

t.test('our cookie is found among any others, and no other signs anybody in', async () => {
  const ours = await sealed('alice')
  const other = fc.stringMatching(/^[!#-'*+.0-9A-Z^-z|~-]{1,10}=[!#-+\--:<-[\]-~]{0,10}$/)
  const others = fc.array(other.filter((pair) => !pair.startsWith(`${cookie.name}=`)))
  await fc.assert(
    fc.asyncProperty(others, others, async (before, after) => {
      const all = [...before, ours, ...after].join('; ')
      assert.equal((await cookie.open({ cookie: all }))?.user, 'alice')
      assert.equal(await cookie.open({ cookie: [...before, ...after].join('; ') }), undefined)
    }),
  )
  const piece = fc.oneof(
    fc.constantFrom(cookie.name, '=', ';', '.', 'eyJhbGciOiJIUzI1NiJ9', ' '),
    fc.string({ unit: 'binary' }),
  )
  const junk = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
  await fc.assert(
    fc.asyncProperty(junk, async (text) => {
      assert.equal(await cookie.open({ cookie: text }), undefined)
    }),
  )
})
