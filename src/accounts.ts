import { execa } from 'execa'

const LOOKUP_MS = 10_000

/** A Linux account, as in the passwd database. */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly home: string
  readonly shell: string
}

/** One line of passwd(5). */
export function parsePasswd(line: string): Account | undefined {
  const [name, , uid, gid, , home, shell] = line.trimEnd().split(':')
  if (!name || shell === undefined || !isId(uid) || !isId(gid)) return undefined
  return { name, uid: Number(uid), gid: Number(gid), home: home || '/', shell: shell || '/bin/sh' }
}

function isId(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,10}$/.test(text)
}

/**
 * The account of this name, from all sources of the name service (files, LDAP …); undefined if there is none. Throws when
 * the name service does not answer within 10 s.
 */
export async function findAccount(name: string): Promise<Account | undefined> {
  if (!/^[^-\0:/\s][^\0:/\s]*$/.test(name)) return undefined
  const found = await execa('getent', ['passwd', name], { timeout: LOOKUP_MS, reject: false })
  // 2: one or more keys were not found (getent(1)).
  if (found.exitCode === 2) return undefined
  if (found.exitCode !== 0) throw new Error('The name service does not answer.', { cause: found })
  const account = parsePasswd(found.stdout)
  // getent takes a number for a user id.
  return account?.name === name ? account : undefined
}

/**
 * The names of the groups that this account is a member of, its own one first, from all sources of the name service. Throws
 * when that does not answer within 10 s, or knows no such account.
 */
export async function groupsOf(name: string): Promise<readonly string[]> {
  // By zeros, as names of directories may have spaces in them.
  const args = ['--groups', '--name', '--zero', '--', name]
  const { stdout } = await execa('id', args, { timeout: LOOKUP_MS, reject: false })
  const groups = stdout.split('\0').filter((each) => each !== '')
  // It ends with an error for a group without a name too.
  if (groups.length === 0) throw new Error(`The groups of ${name} cannot be looked up.`)
  return groups
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
