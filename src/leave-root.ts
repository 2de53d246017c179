import { accessSync, constants } from 'node:fs'
import type { Account } from './accounts.ts'
import { becomeAccount } from './linux/become-account.ts'
import { takeNoNewPrivileges } from './linux/no-new-privileges.ts'

/**
 * Makes this process of root the account that faces the web, for good. Throws a sentence if that account cannot read one
 * of the `files`, or enter the data `directory`, which it will need.
 */
export function leaveRoot(
  account: Account,
  needs: { readonly files: readonly string[]; readonly directory: string },
): void {
  takeNoNewPrivileges()
  becomeAccount(account)
  for (const file of needs.files) {
    if (!may(file, constants.R_OK)) {
      throw new Error(
        `The account ${account.name} (node.user) cannot read ${file}. Put Atelier where every account may read it, such as /opt/atelier, or let others in with chmod o+rX.`,
      )
    }
  }
  if (!may(needs.directory, constants.X_OK)) {
    throw new Error(
      `The account ${account.name} (node.user) cannot enter ${needs.directory}: each directory above it must let everybody pass (chmod o+x). Or set data.directory to another place.`,
    )
  }
}

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}
