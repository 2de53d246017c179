import { ensureAccount, SERVICE_ACCOUNT } from '../accounts.ts'
import { dataPaths, type Config } from '../config.ts'
import type { Log } from '../log.ts'
import { EmbeddedPostgres } from '../postgres/embedded.ts'

/** The built-in Postgres of a data directory, not started; for root under an account of its own, which is made. */
export async function builtInPostgres(
  config: Config,
  { log, root }: { readonly log: Log; readonly root: boolean },
): Promise<EmbeddedPostgres> {
  const account = root ? (await ensureAccount(SERVICE_ACCOUNT, 'service')).account : undefined
  return new EmbeddedPostgres({ directory: dataPaths(config).postgres, log, account })
}
