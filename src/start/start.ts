import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chooseSessionAccount } from '../accounts.ts'
import type { LiveConfig } from '../config/live-config.ts'
import { dataPaths, type Config } from '../config.ts'
import type { Log } from '../log.ts'
import { builtInPostgres } from './built-in-postgres.ts'
import { dataLock } from './data-lock.ts'
import { writeInstance } from './instance-file.ts'
import { Listener } from './listener.ts'
import { nodeMessage, RESOLVED_CONFIG, type ConfigMessage } from './messages.ts'
import { PostgresKeeper } from './postgres-keeper.ts'
import { signInAddress } from './sign-in-link.ts'
import { SupervisedProcess } from './supervised-process.ts'

const NODE_STOP_MS = 10_000
const LAUNCHER_STOP_MS = 5_000

/** What `atelier start` is told by its caller. */
export interface StartOptions {
  readonly live: LiveConfig
  readonly log: Log
  /** Prints a line for the person at the terminal; a program at its place gets the facts too. */
  readonly say: (line: string, facts?: object) => void
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
  const { live, log, say, signal } = options
  mkdirSync(live.config.data.directory, { recursive: true, mode: 0o755 })
  const lock = dataLock(live.config)
  await lock.acquire()
  const stops: (() => Promise<void>)[] = []
  try {
    const launcher = { user: await sessionAccount(options) }
    stops.push(runLauncher(() => ({ ...live.config, launcher }), options))
    const url = live.config.database.url ?? (await runPostgres(options, stops))
    await runNode(() => ({ ...live.config, launcher, database: { url } }), url, options, stops)
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

async function sessionAccount(options: StartOptions): Promise<string> {
  const { live, environment, root, self, say } = options
  const { account, why } = await chooseSessionAccount({
    configured: live.config.launcher.user,
    sudoUser: environment['SUDO_USER'],
    self,
    root,
  })
  if (root) say(`Sessions run as ${account.name} (${why}).`)
  return account.name
}

async function runPostgres(
  { live, log, root, say }: StartOptions,
  stops: (() => Promise<void>)[],
): Promise<string> {
  const postgres = await builtInPostgres(live.config, { log, root })
  const keeper = new PostgresKeeper({ postgres, log })
  stops.push(() => keeper.stop())
  say('Starting the database …')
  return keeper.start()
}

// `config` is the one in force, completed.
function runLauncher(config: () => Config, options: StartOptions): () => Promise<void> {
  // The Launcher starts other people's programs: it is not told how to reach the database.
  const told = () => ({ ...config(), database: {} })
  const launcher = new SupervisedProcess({
    name: 'launcher',
    script: options.script,
    args: ['launcher'],
    environment: () => childEnvironment(told(), options),
    logFile: join(dataPaths(config()).log, 'launcher.log'),
    log: options.log,
  })
  options.live.onChange(() => launcher.send(configNews(told())))
  launcher.start()
  return () => launcher.stop(LAUNCHER_STOP_MS)
}

async function runNode(
  config: () => Config,
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
      const { server, launcher } = config()
      const address = addressOf(server.host, message.port)
      const user = launcher.user ?? options.self
      writeInstance(config(), { address, databaseUrl, user })
      sayReady(options, address, message.signInToken)
      options.onReady(config()).catch((error: unknown) => {
        options.log.error({ err: error }, 'the missing IDEs cannot be looked after')
      })
      resolve()
    }
    const node = new SupervisedProcess({
      name: 'node',
      script: options.script,
      args: ['node'],
      environment: () => ({
        ...childEnvironment(config(), options),
        ATELIER_NODE: listener.isHeld ? 'again' : 'first',
      }),
      logFile: join(dataPaths(config()).log, 'node.log'),
      onMessage,
      onStart: (child) => listener.giveTo(child),
      log: options.log,
    })
    stops.push(async () => {
      listener.release()
      await node.stop(NODE_STOP_MS)
    })
    options.live.onChange(() => node.send(configNews(config())))
    options.signal.addEventListener('abort', () => resolve(), { once: true })
    node.start()
  })
}

// By environment, because a configuration may hold a password and a command line can be read by everybody.
function childEnvironment(config: Config, { environment }: StartOptions): NodeJS.ProcessEnv {
  return { ...environment, [RESOLVED_CONFIG]: JSON.stringify(config) }
}

function configNews(config: Config): ConfigMessage {
  return { type: 'config', config }
}

function addressOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

function sayReady({ say }: StartOptions, address: string, token: string | undefined): void {
  const ready = `Atelier is ready at ${address}`
  if (token === undefined) return say(ready, { address })
  const link = signInAddress(address, token)
  say(`${ready}  Sign in once with: ${link}`, { address, signInLink: link })
}
