import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectDatabase, type Database } from '../../src/postgres/connect.ts'
import { EmbeddedPostgres } from '../../src/postgres/embedded.ts'
import { migrate } from '../../src/postgres/migrate.ts'
import type { LocalConnection } from '../../src/postgres/server-answer.ts'
import { testAccount } from '../../test/fixtures/database.ts'
import { silent } from '../../test/fixtures/silent-log.ts'
import { until } from '../../test/fixtures/until.ts'
import type { Program } from '../processes.ts'
import type { Workplace } from '../workplace.ts'
import type { Order, RoutableArguments, Written } from './routable-messages.ts'

/** The database of this benchmark, and the nodes on it. */
export interface RoutableStage {
  readonly database: Database
  readonly connection: LocalConnection
  stop(): Promise<void>
}

/** Starts a Postgres of its own, with our tables. */
export async function startStage(workplace: Workplace): Promise<RoutableStage> {
  // The account of the database enters it.
  chmodSync(workplace.directory, 0o755)
  const directory = join(workplace.folder('routable'), 'postgres')
  const server = new EmbeddedPostgres({ directory, log: silent, account: await testAccount() })
  const { connection } = await server.start()
  const database = await connectDatabase({
    source: connection,
    applicationName: 'bench',
    log: silent,
  })
  await migrate({ database, log: silent })
  return {
    database,
    connection,
    async stop() {
      await database.close()
      await server.stop()
    },
  }
}

/** Starts a process of this benchmark; it is ready then. */
export async function startNode(
  workplace: Workplace,
  script: 'observer' | 'writer',
  options: RoutableArguments,
): Promise<Program> {
  const file = fileURLToPath(new URL(`./${script}-process.js`, import.meta.url))
  const command = [process.execPath, file, JSON.stringify(options)] as const
  const program = workplace.processes.start(command, { ipc: true })
  await program.message()
  return program
}

/** Gives a writer an order; the answer comes when that has ended. Throws if the writer ends before. */
export async function order(writer: Program, what: Order): Promise<Written> {
  let written: Written | undefined
  writer.child.once('message', (message: Written) => (written = message))
  writer.child.send(what)
  return until(() => (writer.requireRunning(), written), 300_000, 'a writer')
}
