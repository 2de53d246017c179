import { chooseSessionAccount } from '../accounts.ts'
import { isMultiUser } from '../session-users.ts'
import type { StartContext } from './start-context.ts'

/** The account that sessions run as; undefined if everybody has their own. Root is told which that is, and why. */
export async function sessionAccount(context: StartContext): Promise<string | undefined> {
  const { live, environment, root, self, say } = context
  if (isMultiUser(live.config)) {
    if (!root) throw new Error(needsRoot(live.config.auth.method))
    say('Sessions run as whoever is signed in.')
    return undefined
  }
  const { account, why } = await chooseSessionAccount({
    configured: live.config.launcher.user,
    sudoUser: environment['SUDO_USER'],
    self,
    root,
  })
  if (root) say(`Sessions run as ${account.name} (${why}).`)
  return account.name
}

function needsRoot(method: string): string {
  return `With auth.method = "${method}" everybody's sessions run as their own account, which only root can do. Start Atelier as root, or set auth.method = "link".`
}
