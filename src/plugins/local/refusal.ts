import type { Account } from '../../accounts.ts'

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
