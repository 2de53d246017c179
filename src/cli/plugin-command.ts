import type { Readable } from 'node:stream'
import { Command } from 'commander'
import { createLog } from '../log.ts'
import type { CliContext } from './context.ts'
import { describe } from './describe.ts'
import { pluginCheckCommand } from './plugin-check-command.ts'
import { withPluginFlags, type PluginFlags } from './plugin-flags.ts'
import { loginOf, withLoginFlags, type LoginFlags } from './login-flags.ts'

/** `atelier plugin` */
export function pluginCommand(context: CliContext): Command {
  const local = describe(withLoginFlags(withPluginFlags(new Command('local'))), {
    summary: 'run jobs on this machine',
    description:
      "Speaks Posit's Launcher Plugin API 3.7 on standard input and output, and runs jobs on this machine as detached processes that outlive it. Any Launcher can start it; it takes the flags of Posit's.",
    examples: [
      [
        'atelier plugin local --plugin-name=Local --user=alice --scratch-path=/var/lib/atelier/jobs',
        'as a Launcher calls it',
      ],
    ],
  })
    .requiredOption('--scratch-path <directory>', 'where jobs are kept')
    .option('--plugin-name <name>', 'the name of this Launcher cluster', 'local')
    .option(
      '--user <name>',
      'the one account that jobs run as (default: any but those of the system)',
    )
    .option('--minimum-uid <n>', 'the smallest uid that is not of the system', Number, 1000)
    .option('--server-user <name>', 'the account that reaches what jobs serve, and has no jobs')
    .action((options: PluginOptions) => runPlugin(context, options))
  return new Command('plugin')
    .summary('run a Launcher plugin, or check one')
    .description(
      'A Launcher plugin runs jobs for a Launcher, on standard input and output. Here is the one for this machine, which the Launcher starts, and a check for any plugin.',
    )
    .addCommand(local)
    .addCommand(pluginCheckCommand(context))
}

interface PluginOptions extends PluginFlags, LoginFlags {
  readonly scratchPath: string
  readonly pluginName: string
  readonly user?: string
  readonly minimumUid: number
  readonly serverUser?: string
}

async function runPlugin(context: CliContext, options: PluginOptions): Promise<void> {
  const { runLocalPlugin } = await import('../plugins/local/plugin.ts')
  const { stdin, account } = context
  const signal = context.stopSignal()
  // As when the Launcher ends.
  signal.addEventListener('abort', () => stdin.destroy())
  await runLocalPlugin({
    stdin: requestsUntil(signal, stdin),
    stdout: context.stdout,
    log: createLog(options.enableDebugLogging ? 'debug' : options.logLevel, 'plugin local'),
    scratchPath: options.scratchPath,
    pluginName: options.pluginName,
    user: options.user ?? (options.unprivileged ? account.name : undefined),
    minimumUid: options.minimumUid,
    serverUser: options.serverUser,
    jobExpiryHours: options.jobExpiryHours,
    configFile: options.configFile,
    metricsIntervalSeconds: options.pluginMetricsIntervalSeconds,
    maxMessageBytes: options.maxMessageSize,
    login: loginOf(options, context.execPath),
  })
}

/** What is read from a stream, without an error when that is destroyed by `signal`. */
async function* requestsUntil(signal: AbortSignal, stdin: Readable): AsyncGenerator<Buffer> {
  try {
    yield* stdin
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
