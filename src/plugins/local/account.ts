import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { PLUGIN_ERROR, PluginError } from '../../launcher/plugin-error.ts'

/** An account of this server, as in passwd(5). */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly home: string
  readonly shell: string
}

/** Milliseconds that a directory service may take to answer. */
const LOOKUP_LIMIT = 10_000

/** One line of passwd(5). */
export function parsePasswd(line: string): Account | undefined {
  const [name, , uid, gid, , home, shell] = line.trimEnd().split(':')
  if (!name || !uid || !gid || shell === undefined) return undefined
  return { name, uid: Number(uid), gid: Number(gid), home: home || '/', shell: shell || '/bin/sh' }
}

/** The account of this name, from all sources of the name service; undefined if there is none. */
export async function findAccount(name: string): Promise<Account | undefined> {
  if (!/^[^-\0:/\s][^\0:/\s]*$/.test(name)) return undefined
  try {
    const arguments_ = ['passwd', name]
    const { stdout } = await promisify(execFile)('getent', arguments_, { timeout: LOOKUP_LIMIT })
    const account = parsePasswd(stdout)
    // getent takes a number for a user id.
    return account?.name === name ? account : undefined
  } catch (error) {
    // 2: one or more keys were not found (getent(1)).
    if (error instanceof Error && 'code' in error && error.code === 2) return undefined
    throw new PluginError(PLUGIN_ERROR.unknown, 'the name service does not answer', {
      cause: error,
    })
  }
}

/** Why a job of `user` cannot be run, as a sentence for that user; undefined if it can. */
export function refusal(question: {
  readonly user: string
  readonly account: Account | undefined
  /** The account that the plugin runs as. */
  readonly ownUid: number
  /** The one account that the plugin is for; undefined if it is for all. */
  readonly onlyUser: string | undefined
}): string | undefined {
  const { user, account, ownUid, onlyUser } = question
  if (onlyUser !== undefined && user !== onlyUser) {
    return `This Launcher starts jobs as ${onlyUser} only, not as ${user}.`
  }
  if (account === undefined) return `There is no account ${user} on this server.`
  if (account.uid === 0) return 'Jobs are never run as root. Name another account.'
  if (ownUid !== 0 && account.uid !== ownUid) {
    return `This Launcher does not run as root, so it cannot start jobs as ${user}.`
  }
  return undefined
}
