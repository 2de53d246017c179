import type { Config } from '../config.ts'
import { createLog } from '../log.ts'
import { newSignInToken } from '../start/sign-in-link.ts'
import { ApiClient } from './api-client.ts'

const TOKEN_MS = 60_000

/**
 * A client of the Atelier that runs on this data directory, as the user whose sessions it runs or, where many people sign
 * in, as the one who is named: whoever may read the database needs no other proof. Throws when none runs.
 */
export async function localClient(
  config: Config,
  user: { readonly named: string | undefined; readonly otherwise: string | undefined },
): Promise<ApiClient> {
  const log = createLog('silent', 'session')
  const { address, token } = await newSignInToken(config, log, TOKEN_MS, user)
  return new ApiClient({ address, headers: {} }).signIn(token)
}
