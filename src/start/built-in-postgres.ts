import { dataPaths, type Config } from '../config.ts'
import type { Log } from '../log.ts'
import { ensureNodeAccount } from '../node-account.ts'
import { EmbeddedPostgres } from '../postgres/embedded.ts'

/** The built-in Postgres of a data directory, not started; for root under the account of the node, which is made. */
export async function builtInPostgres(
  config: Config,
  { log, root }: { readonly log: Log; readonly root: boolean },
): Promise<EmbeddedPostgres> {
  const account = root ? await ensureNodeAccount(config) : undefined
  return new EmbeddedPostgres({ directory: dataPaths(config).postgres, log, account })
}
