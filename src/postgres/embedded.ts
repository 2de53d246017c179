import type { Log } from '../log.ts'
import { ProcessLock } from '../process-lock.ts'
import { isRoot, type ServerAccount } from './server-account.ts'
import { DATABASE_NAME, initializeData, keptPassword } from './initdb.ts'
import { findNativeTree, type NativeTree } from './native-tree.ts'
import { awaitOrphans, runningPostmaster } from './postmaster.ts'
import { awaitAnswer, connectionUrl, type LocalConnection } from './server-answer.ts'
import { serverCommand } from './server-command.ts'
import {
  dataVersion,
  prepareDirectory,
  removeStaleFiles,
  type ServerDirectory,
} from './server-directory.ts'
import { SERVER_LOG_LIMIT, trimServerLog } from './server-log.ts'
import { adoptedProcess, spawnServer, stopServer, type ServerProcess } from './server-process.ts'

/** A server that answers. */
export interface RunningPostgres {
  readonly connection: LocalConnection
  /** The same as a URL; it holds the password. */
  readonly url: string
  readonly pid: number
  /** Resolves when the server is gone, whoever ended it; `start` may then be called again. */
  readonly exited: Promise<void>
}

/** What `start` has found out on its way. */
interface Plan {
  readonly directory: ServerDirectory
  readonly tree: NativeTree
  readonly connection: LocalConnection
  readonly argv: readonly string[]
  readonly signal: AbortSignal | undefined
}

/**
 * The built-in Postgres on `directory`, reachable only over a unix socket in it. It is detached from our process group and
 * outlives a crash of ours; the next `start` adopts it. As root it needs an `account` to run as.
 */
export class EmbeddedPostgres {
  readonly #directory: string
  readonly #log: Log
  readonly #account: ServerAccount | undefined
  #lock: ProcessLock | undefined
  #process: ServerProcess | undefined
  #running: RunningPostgres | undefined
  #trimming: NodeJS.Timeout | undefined

  constructor(options: {
    readonly directory: string
    readonly log: Log
    readonly account?: ServerAccount | undefined
  }) {
    this.#directory = options.directory
    this.#log = options.log
    this.#account = isRoot() ? options.account : undefined
  }

  /** Adopts the running server or starts one, making its data first if need be; throws an Error that says why it cannot. */
  async start(signal?: AbortSignal): Promise<RunningPostgres> {
    if (this.#running) return this.#running
    if (isRoot() && this.#account === undefined) {
      throw new Error('The built-in Postgres does not run as root: it needs an account.')
    }
    try {
      const plan = await this.#plan(signal)
      const process = (await this.#adopt(plan)) ?? (await this.#startNew(plan))
      const { connection } = plan
      const { pid, exited } = process
      this.#running = { connection, url: connectionUrl(connection), pid, exited }
      this.#trimming ??= setInterval(() => this.#trimLog(plan.directory.log), 60_000).unref()
      return this.#running
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  /** Stops the server in order; does nothing when it does not run. */
  async stop(): Promise<void> {
    clearInterval(this.#trimming)
    this.#trimming = undefined
    if (this.#process) {
      const { exited } = this.#process
      await stopServer(this.#process)
      await exited
    }
    await this.#lock?.release()
  }

  async #plan(signal: AbortSignal | undefined): Promise<Plan> {
    const account = this.#account
    const directory = await prepareDirectory(this.#directory, account)
    // A second supervisor would stop the server of the first.
    this.#lock ??= new ProcessLock({
      file: directory.lock,
      refusal: (holder) =>
        `Another Atelier (process ${holder}) already runs the database in ${directory.root}.`,
    })
    await this.#lock.acquire()
    const tree = await findNativeTree({ copies: directory.copies, account, signal })
    const connection: LocalConnection = {
      host: directory.socket,
      port: 5432,
      user: DATABASE_NAME,
      password: await keptPassword(directory.password, account),
      database: DATABASE_NAME,
      ssl: false,
    }
    const argv = serverCommand(tree.postgres, directory.data, directory.socket)
    return { directory, tree, connection, argv, signal }
  }

  /** Takes over a server that an earlier process has left, unless it has other settings or does not answer. */
  async #adopt(plan: Plan): Promise<ServerProcess | undefined> {
    const postmaster = await runningPostmaster(plan.directory.data)
    if (postmaster === undefined) return undefined
    const { pid } = postmaster
    const process = adoptedProcess(postmaster)
    if (postmaster.argv.join('\0') === plan.argv.join('\0')) {
      const version = await awaitAnswer({ ...plan, ...process, patience: 5000 })
      if (version === plan.tree.version) {
        this.#log.info({ pid, version }, 'adopted the running Postgres')
        return this.#keep(process)
      }
    }
    this.#log.warn({ pid }, 'stopping a Postgres left behind that cannot be used')
    await stopServer(process)
    return undefined
  }

  async #startNew(plan: Plan): Promise<ServerProcess> {
    const { directory, connection, signal } = plan
    await this.#prepareData(plan)
    await awaitOrphans(directory.data)
    if (await removeStaleFiles(directory)) {
      this.#log.warn('Postgres was not stopped in order; it recovers now')
    }
    const server = await spawnServer({
      argv: plan.argv,
      log: directory.log,
      account: this.#account,
    })
    this.#keep(server)
    const version = await awaitAnswer({ ...server, connection, signal, patience: 60_000 })
    if (version === undefined) {
      const words = await server.words()
      throw new Error(`Postgres does not start: ${words || 'it wrote nothing to its log'}`)
    }
    this.#log.info({ pid: server.pid, version }, 'started Postgres')
    return server
  }

  async #prepareData({ directory, tree, signal }: Plan): Promise<void> {
    const version = await dataVersion(directory.data)
    const major = tree.version.split('.')[0]
    if (version === undefined) {
      this.#log.info({ directory: directory.root }, 'making the database')
      await initializeData({ tree, directory, account: this.#account, signal })
    } else if (version !== major) {
      throw new Error(
        `${directory.data} was made by Postgres ${version}; this Atelier brings Postgres ${major}, which cannot read it.`,
      )
    }
  }

  /** From here on `stop` ends this process. */
  #keep(process: ServerProcess): ServerProcess {
    this.#process = process
    void process.exited.then(() => {
      if (this.#process !== process) return
      this.#process = undefined
      this.#running = undefined
    })
    return process
  }

  #trimLog(file: string): void {
    trimServerLog(file, SERVER_LOG_LIMIT).catch((error: unknown) => {
      this.#log.warn({ error }, "Postgres' log cannot be shortened")
    })
  }
}
