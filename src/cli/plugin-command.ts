import { Command, Option } from 'commander'
import { createLog, LOG_LEVELS } from '../log.ts'
import type { CliContext } from './context.ts'
import { describe } from './describe.ts'
import { loginOf, withLoginFlags, type LoginFlags } from './login-flags.ts'

/** `atelier plugin local` */
export function pluginCommand(context: CliContext): Command {
  const local = describe(withLoginFlags(new Command('local')), {
    summary: 'run jobs on this machine',
    description:
      "Speaks Posit's Launcher Plugin API 3.7 on standard input and output, and runs jobs on this machine as detached processes that outlive it.",
    examples: [
      [
        'atelier plugin local --plugin-name=Local --user=alice --scratch-path=/var/lib/atelier/jobs',
        'as a Launcher calls it',
      ],
    ],
  })
    .requiredOption('--scratch-path <directory>', 'where jobs are kept')
    .requiredOption('--plugin-name <name>', 'the name of this Launcher cluster')
    .requiredOption('--user <name>', 'the account that jobs run as')
    .option('--job-expiry-hours <n>', 'how long jobs that have ended are kept', Number, 24)
    .addOption(
      new Option('--log-level <level>', 'what is logged').choices(LOG_LEVELS).default('info'),
    )
    .action((options: PluginOptions) => runPlugin(context, options))
  return new Command('plugin')
    .summary('run a Launcher plugin; the Launcher does this')
    .description('Runs a Launcher plugin on standard input and output; the Launcher does this.')
    .addCommand(local)
}

interface PluginOptions extends LoginFlags {
  readonly scratchPath: string
  readonly pluginName: string
  readonly user: string
  readonly jobExpiryHours: number
  readonly logLevel: (typeof LOG_LEVELS)[number]
}

async function runPlugin(context: CliContext, options: PluginOptions): Promise<void> {
  const { runLocalPlugin } = await import('../plugins/local/plugin.ts')
  await runLocalPlugin({
    stdin: context.stdin,
    stdout: context.stdout,
    log: createLog(options.logLevel, 'plugin local'),
    scratchPath: options.scratchPath,
    pluginName: options.pluginName,
    user: options.user,
    jobExpiryHours: options.jobExpiryHours,
    login: loginOf(options, context.execPath),
  })
}
