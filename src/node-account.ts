import { ensureAccount, findAccount, type Account } from './accounts.ts'
import type { Config } from './config.ts'

type Keys = Pick<Config, 'node' | 'launcher'>

/**
 * The account that faces the web where root starts Atelier (node.user). Throws a sentence if there is none, or it is one
 * that must not: root, or the one that sessions run as.
 */
export async function nodeAccount(config: Keys): Promise<Account> {
  const { user } = config.node
  const account = await findAccount(user)
  if (account !== undefined) return checked(account, config)
  throw new Error(
    `There is no account ${user} (node.user), which a node becomes so that root never faces the web. Make it with: useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin ${user}`,
  )
}

/** The same, made if it is not there; only root can. */
export async function ensureNodeAccount(config: Keys): Promise<Account> {
  return checked((await ensureAccount(config.node.user, 'service')).account, config)
}

function checked(account: Account, { launcher }: Keys): Account {
  if (account.uid === 0) {
    throw new Error('node.user is root; it faces the web, and needs an account without rights.')
  }
  if (account.name === launcher.user) {
    throw new Error(
      `Sessions cannot run as ${account.name}, the account of the node and the database. Set launcher.user, or node.user, to another.`,
    )
  }
  return account
}
