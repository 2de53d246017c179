import { builtInPostgres } from './built-in-postgres.ts'
import { PostgresKeeper } from './postgres-keeper.ts'
import type { StartContext, Stops } from './start-context.ts'

/** The URL of the configured database; else of the built-in Postgres, which is started and kept running. */
export async function superviseDatabase(context: StartContext, stops: Stops): Promise<string> {
  const { live, log, root, say } = context
  const { url } = live.config.database
  if (url !== undefined) return url
  const postgres = await builtInPostgres(live.config, { log, root })
  const keeper = new PostgresKeeper({ postgres, log })
  stops.push(() => keeper.stop())
  say('Starting the database …')
  return keeper.start()
}
