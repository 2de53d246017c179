import { addressOf } from './address.ts'
import { writeInstance } from './instance-file.ts'
import { Listener } from './listener.ts'
import { nodeIdentity } from './node-identity.ts'
import { ensurePamService } from './pam-service.ts'
import { runUntilStopped } from './run-until-stopped.ts'
import { sessionAccount } from './session-account.ts'
import { signInAddress } from './sign-in-link.ts'
import type { StartContext } from './start-context.ts'
import { superviseDatabase } from './supervise-database.ts'
import { superviseLauncher } from './supervise-launcher.ts'
import { superviseNode, type ReadyNode } from './supervise-node.ts'

/**
 * Runs everything on one machine until `signal`: the built-in Postgres unless another is configured, the Launcher and the
 * node, each kept running. Sessions outlive it. Throws, with everything stopped again, when it cannot start.
 */
export async function startAtelier(context: StartContext): Promise<void> {
  const { live, log } = context
  await runUntilStopped(context, async (stops) => {
    ensurePamService(context)
    const user = await sessionAccount(context)
    const withUser = () => ({ ...live.config, launcher: { ...live.config.launcher, user } })
    const identity = await nodeIdentity(context, withUser())
    superviseLauncher(withUser, { context, stops })
    const url = await superviseDatabase(context, stops)
    const config = () => ({ ...withUser(), database: { url } })
    const onReady = ({ isFirst, port, signInToken }: ReadyNode) => {
      if (!isFirst) return
      const address = addressOf(live.config.server.host, port)
      writeInstance(config(), { address, databaseUrl: url, user })
      sayReady(context, address, signInToken)
      context.onReady(config()).catch((error: unknown) => {
        log.error({ err: error }, 'the missing IDEs cannot be looked after')
      })
    }
    const listener = new Listener()
    await superviseNode(config, { context, stops, identity, listener, onReady })
  })
}

function sayReady({ say }: StartContext, address: string, token: string | undefined): void {
  const ready = `Atelier is ready at ${address}`
  if (token === undefined) return say(ready, { address })
  const link = signInAddress(address, token)
  say(`${ready}  Sign in once with: ${link}`, { address, signInLink: link })
}
