import { accessSync, chownSync, constants, mkdirSync, statSync } from 'node:fs'
import type { Account } from './accounts.ts'

/**
 * Makes the directory for what jobs print, or takes one that is there: that of `account`, which a node of root becomes, and
 * nobody else's. Throws a sentence if it cannot be made.
 */
export function makeJobOutputDirectory(path: string, account: Account | undefined): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    // On a network file system root may be nobody: then it is made beforehand, and is the account's already.
    if (account !== undefined && statSync(path).uid !== account.uid) {
      chownSync(path, account.uid, account.gid)
    }
    if (account === undefined) accessSync(path, constants.W_OK | constants.X_OK)
  } catch (error) {
    const whose = account === undefined ? 'us' : `the account ${account.name} (node.user)`
    const message = `What jobs print cannot be kept in ${path}, which must belong to ${whose}. Make it, or set jobs.directory to another place.`
    throw new Error(message, { cause: error })
  }
}
