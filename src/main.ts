#!/usr/bin/env node
// The only file that touches the process: argv, environment, signals, exit codes. Each command loads its own parts.
import type { SendHandle } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { ConfigError, dataPaths, loadConfig, type Config } from './config.ts'
import { AtelierError } from './errors.ts'
import { createLog } from './log.ts'
import type { NodeMessage } from './start/messages.ts'

const SYSTEM_CONFIG = '/etc/atelier/atelier.toml'

const root = process.getuid?.() === 0
const script = fileURLToPath(import.meta.url)
const packageFile = new URL('../../package.json', import.meta.url)
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const program = new Command('atelier')
  .description('An open workbench: Jupyter and VS Code sessions in the browser.')
  .version(version)
  .showHelpAfterError()

/** A command that reads the configuration. */
function command(name: string, description: string): Command {
  const set = (setting: string, before: string[]) => [...before, setting]
  return new Command(name)
    .description(description)
    .option('--config <file>', `the configuration file (default: ${SYSTEM_CONFIG}, if it is there)`)
    .option('--set <key=value>', 'set one key, for example server.port=8080; repeatable', set, [])
}

program.addCommand(
  command('start', 'Run everything on this machine: database, Launcher and node.').action(
    async (options: ConfigOptions) => {
      const config = configOf(options)
      const [{ startAtelier }, { installMissing }] = await Promise.all([
        import('./start/start.ts'),
        import('./start/install-missing.ts'),
      ])
      const log = createLog(config.log.level === 'debug' ? 'debug' : 'error', 'start')
      const signal = stopSignal()
      const environment = process.env
      const terminal = process.stdout
      await startAtelier({
        config,
        log,
        say,
        script,
        root,
        signal,
        environment,
        self: userInfo().username,
        onReady: (resolved) =>
          installMissing({ config: resolved, log, root, environment, signal, terminal }),
      })
    },
  ),
)

program.addCommand(
  command('node', 'Run a node: pages, API and the traffic to sessions.').action(
    async (options: ConfigOptions) => {
      const config = configOf(options)
      const { startNode } = await import('./node.ts')
      const log = createLog(config.log.level, 'node')
      const signal = stopSignal()
      try {
        const node = await startNode({
          config,
          log,
          version,
          signal,
          webDirectory: fileURLToPath(new URL('../web', import.meta.url)),
          withSignInLink: process.env['ATELIER_NODE'] === 'first',
          ...(process.env['ATELIER_NODE'] === 'again' && { listener: inheritedListener() }),
        })
        const { port, signInToken } = node
        tellParent({ type: 'ready', port, signInToken }, node.handle)
        await ended(signal)
        await node.stop()
      } catch (error) {
        if (signal.aborted) return
        log.error({ err: error }, 'the node cannot serve')
        tellParent({ type: 'failed', reason: reasonOf(error) })
        throw error
      }
    },
  ),
)

program.addCommand(
  command('launcher', 'Run the Launcher, which starts sessions as jobs.').action(
    async (options: ConfigOptions) => {
      const config = configOf(options)
      const { LauncherService } = await import('./launcher/service.ts')
      const { launcherScratch, launcherSocket } = dataPaths(config)
      const user = config.launcher.user ?? userInfo().username
      const launcher = new LauncherService({
        socket: launcherSocket,
        log: createLog(config.log.level, 'launcher'),
        plugin: {
          command: process.execPath,
          args: [
            script,
            'plugin',
            'local',
            '--plugin-name=Local',
            `--user=${user}`,
            `--scratch-path=${launcherScratch}`,
            `--log-level=${config.log.level}`,
          ],
        },
      })
      const signal = stopSignal()
      await launcher.start()
      await ended(signal)
      await launcher.stop()
    },
  ),
)

program.addCommand(
  new Command('plugin')
    .description('Run a Launcher plugin on standard input and output; the Launcher does this.')
    .addCommand(
      new Command('local')
        .requiredOption('--scratch-path <directory>')
        .requiredOption('--plugin-name <name>')
        .requiredOption('--user <name>', 'the account that jobs run as')
        .option('--job-expiry-hours <n>', '', Number, 24)
        .option('--log-level <level>', '', 'info')
        .action(async (options: PluginOptions) => {
          const { runLocalPlugin } = await import('./plugins/local/plugin.ts')
          await runLocalPlugin({
            stdin: process.stdin,
            stdout: process.stdout,
            log: createLog(options.logLevel, 'plugin local'),
            scratchPath: options.scratchPath,
            pluginName: options.pluginName,
            user: options.user,
            jobExpiryHours: options.jobExpiryHours,
          })
          process.exit(0)
        }),
    ),
)

program.addCommand(
  new Command('ide').description('The IDEs that sessions run.').addCommand(
    command('install', 'Install IDEs: jupyterlab, jupyter-notebook, vscode.')
      .argument('<ide...>')
      .action(async (names: string[], options: ConfigOptions) => {
        const { installNamed } = await import('./start/install-missing.ts')
        const config = configOf(options)
        const log = createLog('error', 'ide install')
        const signal = stopSignal()
        const environment = process.env
        const context = { config, log, root, environment, signal, terminal: process.stdout }
        const ok = await installNamed(names, context)
        process.exit(ok ? 0 : 1)
      }),
  ),
)

program.addCommand(
  command('versions', 'List the Pythons and Rs that sessions can be started with.')
    .option('--json', 'as JSON')
    .action(async (options: ConfigOptions & { json?: boolean }) => {
      const { listVersions } = await import('./start/list-versions.ts')
      const self = userInfo().username
      const sudoUser = process.env['SUDO_USER']
      const json = options.json === true
      say(await listVersions({ config: configOf(options), root, self, sudoUser, json }))
    }),
)

program.addCommand(
  command('sign-in', 'Make a new one-time sign-in link for the Atelier that runs here.').action(
    async (options: ConfigOptions) => {
      const { newSignInLink } = await import('./start/sign-in-link.ts')
      say(await newSignInLink(configOf(options), createLog('silent', 'sign-in')))
    },
  ),
)

interface ConfigOptions {
  readonly config?: string
  readonly set: readonly string[]
}

interface PluginOptions {
  readonly scratchPath: string
  readonly pluginName: string
  readonly user: string
  readonly jobExpiryHours: number
  readonly logLevel: Config['log']['level']
}

function configOf(options: ConfigOptions): Config {
  // Set by `atelier start` for its own processes: what it was configured with, completed.
  const resolved = process.env['ATELIER_RESOLVED_CONFIG']
  if (resolved !== undefined && process.send) return JSON.parse(resolved) as Config
  const named = options.config ?? process.env['ATELIER_CONFIG']
  const file = named ?? (existsSync(SYSTEM_CONFIG) ? SYSTEM_CONFIG : undefined)
  return loadConfig({ file, settings: options.set, dataDirectory: dataDirectory() })
}

function dataDirectory(): string {
  if (root) return '/var/lib/atelier'
  return join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'atelier')
}

/** Aborted by SIGTERM, SIGINT, a closed terminal, and the death of the process that started us. */
function stopSignal(): AbortSignal {
  const stop = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => stop.abort())
  process.on('disconnect', () => stop.abort())
  return stop.signal
}

async function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}

function tellParent(message: NodeMessage, handle?: SendHandle): void {
  if (process.connected) process.send?.(message, handle)
}

/** The socket that `atelier start` holds open for its nodes. */
function inheritedListener(): Promise<object> {
  return new Promise((resolve) => {
    process.on('message', (_message, handle) => {
      if (typeof handle === 'object' && handle !== null) resolve(handle)
    })
  })
}

function reasonOf(error: unknown): string {
  if (error instanceof ConfigError)
    return `The configuration is wrong:\n  ${error.problems.join('\n  ')}`
  if (error instanceof AtelierError || error instanceof Error) return error.message
  return String(error)
}

try {
  await program.parseAsync()
  process.exit()
} catch (error) {
  process.stderr.write(`atelier: ${reasonOf(error)}\n`)
  process.exit(1)
}
