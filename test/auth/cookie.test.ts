import { randomBytes } from 'node:crypto'
import { SignJWT } from 'jose'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { ClusterKey, readClusterKey } from '../../src/auth/cluster-key.ts'
import { SignInCookie } from '../../src/auth/cookie.ts'
import { SessionDoor } from '../../src/auth/door.ts'
import { AtelierError } from '../../src/errors.ts'
import { session } from '../fixtures/session.ts'

const clusterKey = new ClusterKey(randomBytes(32))
const cookie = new SignInCookie({ clusterKey })
const sealed = async (user: string) => (await cookie.seal(user, false)).split(';')[0] ?? ''

t.test('a sealed cookie opens again, also beside other cookies', async (t) => {
  const header = `_xsrf=2|a; ${await sealed('alice')}; x=y`
  t.equal(await cookie.open({ cookie: header }), 'alice')
  t.equal(await cookie.open({ cookie: header }), 'alice', 'and once more from memory')
})

t.test('a cookie is HttpOnly, Lax and for all paths, and Secure over TLS', async (t) => {
  t.match(await cookie.seal('alice', true), /HttpOnly.*Secure.*SameSite=Lax/)
  t.match(await cookie.seal('alice', true), 'Path=/')
  t.notMatch(await cookie.seal('alice', false), 'Secure')
  t.match(cookie.clear(false), 'Max-Age=0')
})

t.test('what we did not seal does not open', async (t) => {
  const other = new SignInCookie({ clusterKey: new ClusterKey(randomBytes(32)) })
  const foreign = (await other.seal('alice', false)).split(';')[0]?.split('=')[1] ?? ''
  const key = clusterKey.derive('sign-in cookie')
  const jwt = new SignJWT().setProtectedHeader({ alg: 'HS256' }).setSubject('alice')
  const header = Buffer.from('{"alg":"none"}').toString('base64url')
  const body = Buffer.from('{"sub":"alice","exp":99999999999}').toString('base64url')
  const bad: Record<string, string> = {
    'another key': foreign,
    'no signature': `${header}.${body}.`,
    expired: await jwt.setExpirationTime(1).sign(key),
    'never expires': await new SignJWT()
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('alice')
      .sign(key),
    rubbish: 'rubbish',
    empty: '',
  }
  for (const [name, value] of Object.entries(bad)) {
    t.equal(await cookie.open({ cookie: `${cookie.name}=${value}` }), undefined, name)
  }
  t.equal(await cookie.open({}), undefined, 'no cookie at all')
})

t.test('the door lets only the owner through, and tells others nothing', async (t) => {
  const mine = session({ id: 'mine', user: 'alice' })
  const door = new SessionDoor({ cookie, sessionOf: (id) => (id === 'mine' ? mine : undefined) })
  const headers = { host: 'h', origin: 'http://h', cookie: await sealed('alice') }
  const ask = (changes: object, id = 'mine') =>
    door.admit({ method: 'GET', headers: { ...headers, ...changes } } as never, id, 'upgrade')

  t.equal(await ask({}), mine)
  const notFound = new AtelierError('SESSION_NOT_FOUND')
  await t.rejects(ask({ cookie: await sealed('bob') }), notFound, 'somebody else')
  await t.rejects(ask({ cookie: undefined }), notFound, 'nobody')
  await t.rejects(ask({ origin: 'http://evil' }), notFound, 'the owner through a foreign page')
  await t.rejects(ask({}, 'none'), notFound, 'a session that is not there')
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
      assert.equal(await cookie.open({ cookie: all }), 'alice')
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
