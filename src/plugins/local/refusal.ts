import type { Account } from '../../accounts.ts'

/** Whom the plugin starts jobs for. */
export interface JobPolicy {
  /** The account that the plugin runs as. */
  readonly ownUid: number
  /** The one account that the plugin is for; undefined if it is for all. */
  readonly onlyUser: string | undefined
  /** Accounts below this uid are the system's; only `onlyUser` may be one. */
  readonly minimumUid: number
  /** The uid of the account that faces the web, which must be nobody's session; undefined if there is none. */
  readonly serverUid: number | undefined
  /** Its group, which may pass to where all jobs listen. */
  readonly serverGid: number | undefined
}

/** Why a job of `user` cannot be run, as a sentence for that user; undefined if it can. */
export function refusal(
  user: string,
  account: Account | undefined,
  { ownUid, onlyUser, minimumUid, serverUid, serverGid }: JobPolicy,
): string | undefined {
  if (onlyUser !== undefined && user !== onlyUser) {
    return `This Launcher starts jobs as ${onlyUser} only, not as ${user}.`
  }
  if (account === undefined) return `There is no account ${user} on this server.`
  if (account.uid === 0) return 'Jobs are never run as root. Name another account.'
  if (ownUid !== 0) {
    if (account.uid === ownUid) return undefined
    return `This Launcher does not run as root, so it cannot start jobs as ${user}.`
  }
  if (account.uid === serverUid) {
    return `Jobs are never run as ${user}, the account of the server itself. Name another account.`
  }
  if (account.gid === serverGid) {
    return `Jobs are never run as ${user}, which has the group of the server's own account. Tell the administrator to give that a group of its own (node.user).`
  }
  if (onlyUser === undefined && account.uid < minimumUid) {
    return `Jobs are never run as ${user}, an account of the system (uid ${account.uid} is below ${minimumUid}). Name another account.`
  }
  return undefined
}
