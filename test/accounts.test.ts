import t from 'tap'
import { chooseSessionAccount } from '../src/accounts.ts'

t.test('sessions do not run as root', async (t) => {
  const choose = (configured?: string, sudoUser?: string) =>
    chooseSessionAccount({ configured, sudoUser, self: 'root', root: true })
  await t.rejects(choose('root'), /is root/)
  t.equal((await choose('nobody')).account.name, 'nobody')
})
