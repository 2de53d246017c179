import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chooseSessionAccount, ensureAccount, SERVICE_ACCOUNT } from '../accounts.ts'
import { dataPaths, type Config } from '../config.ts'
import type { Log } from '../log.ts'
import { EmbeddedPostgres } from '../postgres/embedded.ts'
import { ProcessLock } from '../process-lock.ts'
import { writeInstance } from './instance-file.ts'
import { Listener } from './listener.ts'
import { nodeMessage } from './messages.ts'
import { PostgresKeeper } from './postgres-keeper.ts'
import { signInAddress } from './sign-in-link.ts'
import { SupervisedProcess } from './supervised-process.ts'

const NODE_STOP_MS = 10_000
const LAUNCHER_STOP_MS = 5_000

/** What `atelier start` is told by its caller. */
export interface StartOptions {
  readonly config: Config
  readonly log: Log
  /** Prints a line for the person at the terminal. */
  readonly say: (line: string) => void
  /** The program's own entry file, for the processes it starts. */
  readonly script: string
  readonly environment: NodeJS.ProcessEnv
  readonly root: boolean
  readonly self: string
  readonly signal: AbortSignal
  /** Called once, when the server can be used. */
  readonly onReady: (config: Config) => Promise<void>
}

/**
 * Runs everything on one machine until `signal`: the built-in Postgres unless another is configured, the Launcher and the
 * node, each kept running. Sessions outlive it. Throws, with everything stopped again, when it cannot start.
 */
export async function startAtelier(options: StartOptions): Promise<void> {
  const { log, say, signal } = options
  mkdirSync(options.config.data.directory, { recursive: true, mode: 0o755 })
  const lock = new ProcessLock({
    file: join(options.config.data.directory, 'atelier.lock'),
    refusal: (holder) =>
      `Atelier already runs on this data directory (process ${holder}). Stop that one first, or give this one a directory of its own with --set data.directory=/another/place`,
  })
  await lock.acquire()
  const stops: (() => Promise<void>)[] = []
  try {
    const config = await withAccount(options)
    stops.push(runLauncher(config, options))
    const url = config.database.url ?? (await runPostgres(config, options, stops))
    await runNode({ ...config, database: { url } }, url, options, stops)
    if (!signal.aborted) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    }
    say('Stopping. Sessions keep running and are there again at the next start.')
  } finally {
    for (const stop of stops.reverse()) {
      await stop().catch((error: unknown) => log.error({ err: error }, 'a part did not stop'))
    }
    await lock.release()
  }
}

async function withAccount({
  config,
  environment,
  root,
  self,
  say,
}: StartOptions): Promise<Config> {
  const { account, why } = await chooseSessionAccount({
    configured: config.launcher.user,
    sudoUser: environment['SUDO_USER'],
    self,
    root,
  })
  if (root) say(`Sessions run as ${account.name} (${why}).`)
  return { ...config, launcher: { user: account.name } }
}

async function runPostgres(
  config: Config,
  { log, root, say }: StartOptions,
  stops: (() => Promise<void>)[],
): Promise<string> {
  const account = root ? (await ensureAccount(SERVICE_ACCOUNT, 'service')).account : undefined
  const postgres = new EmbeddedPostgres({ directory: dataPaths(config).postgres, log, account })
  const keeper = new PostgresKeeper({ postgres, log })
  stops.push(() => keeper.stop())
  say('Starting the database …')
  return keeper.start()
}

function runLauncher(config: Config, options: StartOptions): () => Promise<void> {
  const launcher = new SupervisedProcess({
    name: 'launcher',
    script: options.script,
    args: ['launcher'],
    // The Launcher starts other people's programs: it is not told how to reach the database.
    environment: () => childEnvironment({ ...config, database: {} }, options),
    logFile: join(dataPaths(config).log, 'launcher.log'),
    log: options.log,
  })
  launcher.start()
  return () => launcher.stop(LAUNCHER_STOP_MS)
}

async function runNode(
  config: Config,
  databaseUrl: string,
  options: StartOptions,
  stops: (() => Promise<void>)[],
): Promise<void> {
  const listener = new Listener()
  await new Promise<void>((resolve, reject) => {
    const onMessage = (raw: unknown, handle: unknown) => {
      const message = nodeMessage.parse(raw)
      if (listener.isHeld) return
      if (message.type === 'failed') return reject(new Error(message.reason))
      listener.hold(handle)
      const address = addressOf(config.server.host, message.port)
      const user = config.launcher.user ?? options.self
      writeInstance(config, { address, databaseUrl, user })
      options.say(readyLine(address, message.signInToken))
      options.onReady(config).catch((error: unknown) => {
        options.log.error({ err: error }, 'the missing IDEs cannot be looked after')
      })
      resolve()
    }
    const node = new SupervisedProcess({
      name: 'node',
      script: options.script,
      args: ['node'],
      environment: () => ({
        ...childEnvironment(config, options),
        ATELIER_NODE: listener.isHeld ? 'again' : 'first',
      }),
      logFile: join(dataPaths(config).log, 'node.log'),
      onMessage,
      onStart: (child) => listener.giveTo(child),
      log: options.log,
    })
    stops.push(async () => {
      listener.release()
      await node.stop(NODE_STOP_MS)
    })
    options.signal.addEventListener('abort', () => resolve(), { once: true })
    node.start()
  })
}

// By environment, because a configuration may hold a password and a command line can be read by everybody.
function childEnvironment(config: Config, { environment }: StartOptions): NodeJS.ProcessEnv {
  return { ...environment, ATELIER_RESOLVED_CONFIG: JSON.stringify(config) }
}

function addressOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

function readyLine(address: string, token: string | undefined): string {
  const link = token === undefined ? '' : `  Sign in once with: ${signInAddress(address, token)}`
  return `Atelier is ready at ${address}${link}`
}
