import type { Config } from '../config.ts'
import { AtelierError } from '../errors.ts'
import type { Log } from '../log.ts'
import { connectDatabase } from '../postgres/connect.ts'
import { SIGN_IN_LINK_MS, SignInLinks } from '../postgres/sign-in-links.ts'
import { localInstance } from './local-instance.ts'

/**
 * The address that signs in once and then leads to `next`, a path of this server. The token is in the fragment, which
 * browsers send to nobody, so no log has it.
 */
export function signInAddress(address: string, token: string, next?: string): string {
  const query = next === undefined ? '' : `?next=${encodeURIComponent(next)}`
  return `${address}/sign-in${query}#${token}`
}

/**
 * A new one-time link to the Atelier of this data directory, which leads to `next` and signs in the user whose sessions
 * it runs, or `user`. Throws as `newSignInToken` does.
 */
export async function newSignInLink(
  config: Config,
  log: Log,
  { next, user }: { readonly next?: string; readonly user?: string | undefined } = {},
): Promise<string> {
  const { address, token } = await newSignInToken(config, log, SIGN_IN_LINK_MS, { named: user })
  return signInAddress(config.routing.public_url ?? address, token, next)
}

/**
 * A new token that signs in once within `lifetimeMs` at the Atelier of this data directory, and its address; `user` as
 * `localInstance` takes it. Throws when none runs.
 */
export async function newSignInToken(
  config: Config,
  log: Log,
  lifetimeMs: number,
  user: Parameters<typeof localInstance>[1] = {},
): Promise<{ readonly address: string; readonly token: string }> {
  const { address, databaseUrl, user: name, kind } = localInstance(config, user)
  try {
    const database = await connectDatabase({
      source: databaseUrl,
      applicationName: 'atelier sign-in',
      log,
    })
    const token = await new SignInLinks({ database }).create(name, lifetimeMs)
    await database.close()
    return { address, token }
  } catch (error) {
    if (!(error instanceof AtelierError) || kind === 'configured') throw error
    throw new Error(`Atelier does not run on ${config.data.directory}. Start it with: npm start`, {
      cause: error,
    })
  }
}
