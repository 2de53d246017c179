import type { Config } from '../config.ts'
import { AtelierError } from '../errors.ts'
import type { Log } from '../log.ts'
import { connectDatabase } from '../postgres/connect.ts'
import { SIGN_IN_LINK_MS, SignInLinks } from '../postgres/sign-in-links.ts'
import { readInstance } from './instance-file.ts'

/** The address that signs in once. The token is in the fragment, which browsers send to nobody, so no log has it. */
export function signInAddress(address: string, token: string): string {
  return `${address}/sign-in#${token}`
}

/** A new one-time link to the Atelier that runs on this data directory. Throws when none runs. */
export async function newSignInLink(config: Config, log: Log): Promise<string> {
  const { address, databaseUrl, user } = readInstance(config)
  const source = config.database.url ?? databaseUrl
  try {
    const database = await connectDatabase({ source, applicationName: 'atelier sign-in', log })
    const token = await new SignInLinks({ database }).create(user, SIGN_IN_LINK_MS)
    await database.close()
    return signInAddress(address, token)
  } catch (error) {
    if (!(error instanceof AtelierError)) throw error
    throw new Error(`Atelier does not run on ${config.data.directory}. Start it with: npm start`, {
      cause: error,
    })
  }
}
