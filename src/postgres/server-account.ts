import { getuid } from 'node:process'
import type { Account } from '../accounts.ts'

/** The account that the built-in server runs as when we are root. */
export type ServerAccount = Pick<Account, 'name' | 'uid' | 'gid'>

/** True if this process is root and so has to hand Postgres, which refuses root, to another account. */
export function isRoot(): boolean {
  return getuid?.() === 0
}

/** The command that runs `file` as `account`, without root's groups; as it is when there is no account. */
export function commandAs(
  account: ServerAccount | undefined,
  file: string,
  args: readonly string[],
): { readonly file: string; readonly args: readonly string[] } {
  if (account === undefined) return { file, args }
  const drop = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups']
  return { file: 'setpriv', args: [...drop, '--', file, ...args] }
}

/** The whole environment of Postgres' own programs: nothing of ours, and messages in English. */
export const SERVER_ENVIRONMENT = {
  PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
  LC_ALL: 'C',
} as const
