import { chooseSessionAccount } from '../accounts.ts'
import type { StartContext } from './start-context.ts'

/** The account that sessions run as; root is told which that is, and why. */
export async function sessionAccount(context: StartContext): Promise<string> {
  const { live, environment, root, self, say } = context
  const { account, why } = await chooseSessionAccount({
    configured: live.config.launcher.user,
    sudoUser: environment['SUDO_USER'],
    self,
    root,
  })
  if (root) say(`Sessions run as ${account.name} (${why}).`)
  return account.name
}
