import { execa } from 'execa'

/** A Linux account, as in the passwd database. */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly home: string
  readonly shell: string
}

/** The account of this name, from whatever source the system uses (files, LDAP …); undefined if there is none. */
export async function findAccount(name: string): Promise<Account | undefined> {
  const { stdout, exitCode } = await execa('getent', ['passwd', '--', name], { reject: false })
  if (exitCode !== 0) return undefined
  const [found, , uid, gid, , home, shell] = stdout.trim().split(':')
  if (found === undefined || home === undefined || shell === undefined) return undefined
  return { name: found, uid: Number(uid), gid: Number(gid), home, shell }
}

/**
 * The account of this name, made as a system account if it does not exist yet: with a home and a shell if it is for
 * `sessions`, without either for the `service`. Only root can make one.
 */
export async function ensureAccount(
  name: string,
  purpose: 'sessions' | 'service',
): Promise<{ account: Account; made: boolean }> {
  const found = await findAccount(name)
  if (found) return { account: found, made: false }
  const options =
    purpose === 'sessions'
      ? ['--create-home', '--shell', '/bin/bash']
      : ['--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin']
  await execa('useradd', ['--system', '--user-group', ...options, name])
  const account = await findAccount(name)
  if (account === undefined) throw new Error(`The account ${name} could not be made.`)
  return { account, made: true }
}

/** The account as whom sessions run, and how it was chosen, as a sentence for the terminal. */
export interface SessionAccount {
  readonly account: Account
  readonly why: string
}

/** The account that is made for sessions when root names no other. */
export const SESSION_ACCOUNT = 'atelier-user'

/**
 * As root: the configured account, else the one that called sudo, else a system account that is made. As anybody else:
 * oneself. Throws when the configured account does not exist, is root, or is somebody else and we are not root.
 */
export async function chooseSessionAccount(options: {
  configured: string | undefined
  sudoUser: string | undefined
  self: string
  root: boolean
}): Promise<SessionAccount> {
  const { configured, sudoUser, self, root } = options
  if (!root) {
    if (configured !== undefined && configured !== self) {
      throw new Error(
        `launcher.user is ${configured}, but only root can run sessions as another user than ${self}.`,
      )
    }
    return { account: await existing(self), why: 'the user who started Atelier' }
  }
  const named = configured ?? (sudoUser === 'root' ? undefined : sudoUser)
  if (named === undefined) {
    const { account, made } = await ensureAccount(SESSION_ACCOUNT, 'sessions')
    const why = made ? 'a system account, just made' : 'the system account made for it'
    return { account, why: `${why}; choose another with launcher.user` }
  }
  const account = await existing(named)
  if (account.uid === 0)
    throw new Error('launcher.user is root; sessions need an ordinary account.')
  return { account, why: configured === undefined ? 'the user who called sudo' : 'launcher.user' }
}

async function existing(name: string): Promise<Account> {
  const account = await findAccount(name)
  if (account) return account
  throw new Error(
    `There is no account ${name}. Make it with useradd, or set launcher.user to another.`,
  )
}
