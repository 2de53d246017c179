import t from 'tap'
import { loadConfig } from '../src/config/load.ts'
import { nodeAccount } from '../src/node-account.ts'
import { isMultiUser, jobUser, singleUser } from '../src/session-users.ts'

const configOf = (...settings: string[]) => loadConfig({ settings, dataDirectory: '/nowhere' })
const of = (...settings: string[]) => nodeAccount(configOf(...settings))

t.test('the account that faces the web is there, is not root and runs no sessions', async (t) => {
  t.match(await of('node.user=nobody'), { name: 'nobody', uid: 65_534 })
  await t.rejects(of('node.user=no-such'), /no account no-such .* useradd --system .* no-such$/)
  await t.rejects(of('node.user=root'), /node\.user is root/)
  await t.rejects(of('node.user=nobody', 'launcher.user=nobody'), /Sessions cannot run as nobody/)
})

t.test('there is one user of sessions, unless everybody signs in as themselves', async (t) => {
  const root = { name: 'root', root: true }
  const alice = { name: 'alice', root: false }
  const pam = { launcher: {}, auth: { method: 'pam' } } as const
  t.notOk(isMultiUser({ launcher: {} }))
  t.notOk(isMultiUser({ launcher: {}, auth: { method: 'link' } }))
  t.notOk(isMultiUser({ launcher: { user: 'bob' }, auth: { method: 'pam' } }))
  t.ok(isMultiUser(pam))
  t.ok(isMultiUser({ launcher: {}, auth: { method: 'proxied' } }))

  t.equal(singleUser({ launcher: { user: 'bob' } }), 'bob')
  t.equal(singleUser(pam), undefined)
  t.throws(() => singleUser({ launcher: {} }), /launcher\.user is not set/)

  t.equal(jobUser({ launcher: { user: 'bob' } }, root), 'bob')
  t.equal(jobUser(pam, root), undefined)
  t.throws(() => jobUser({ launcher: {} }, root), /launcher\.user is not set/)
  t.equal(jobUser(pam, alice), 'alice', 'whoever is not root can run only their own')
  t.equal(jobUser({ launcher: {} }, alice), 'alice')
})
