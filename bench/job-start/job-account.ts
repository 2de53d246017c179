import { userInfo } from 'node:os'
import { type Account, ensureAccount, findAccount, SESSION_ACCOUNT } from '../../src/accounts.ts'

/** The account that jobs run as: for root the one that `atelier start` makes for sessions, else oneself. */
export async function jobAccount(): Promise<Account & { readonly become: boolean }> {
  const { uid, username } = userInfo()
  if (uid === 0)
    return { ...(await ensureAccount(SESSION_ACCOUNT, 'sessions')).account, become: true }
  const account = await findAccount(username)
  if (account === undefined) throw new Error(`there is no account ${username}`)
  return { ...account, become: false }
}
