import { resolve } from 'node:path'
import { Command } from 'commander'
import type { CliContext } from './context.ts'
import { describe, withJson, type JsonOption } from './describe.ts'
import { CommandFailure } from './failure.ts'

/** `atelier plugin check` */
export function pluginCheckCommand(context: CliContext): Command {
  const command = describe(withJson(new Command('check')), {
    summary: 'check whether a Launcher plugin does what the protocol says',
    description:
      'Starts a plugin, written in any language, as a Launcher would: with its flags, a scratch directory of its own and the protocol on standard input and output. Submits, controls and watches small jobs of /bin/sh, restarts the plugin, and says what it does well, what not, and what it does not support. See docs/plugins.md.',
    examples: [
      ['atelier plugin check ./my-plugin', 'as the account that you are'],
      ['atelier plugin check ./my-plugin --user alice', 'as root, with jobs of alice'],
      ['atelier plugin check python3 -- my_plugin.py --fast', 'a plugin with arguments of its own'],
      ['atelier plugin check ./my-plugin --only restart restart-killed', 'two of the checks'],
      ['atelier plugin check ./my-plugin --skip suspend-resume --json', 'for another program'],
    ],
  })
  return command
    .argument('<plugin>', 'the program')
    .argument('[args...]', 'its own arguments, after --')
    .option(
      '--user <name>',
      'the account that jobs are submitted for; your own unless you are root',
    )
    .option('--timeout <seconds>', 'how long any answer is waited for', Number, 30)
    .option('--skip <checks...>', 'leave these checks out')
    .option('--only <checks...>', 'make only these checks')
    .option('--config-file <file>', 'the configuration of the plugin, as --config-file')
    .option('--plugin-name <name>', 'what the Launcher cluster is called', 'Check')
    .option(
      '--server-user <name>',
      'the account of the server, as --server-user (default: nobody, for root)',
    )
    .option('--image <name>', 'the container image of all jobs, for plugins that need one')
    .option('--verbose', 'show what the plugin writes to standard error')
    .action((plugin: string, args: string[], options: CheckOptions) =>
      runChecks(context, plugin, args, options),
    )
}

interface CheckOptions extends JsonOption {
  readonly user?: string
  readonly timeout: number
  readonly skip?: readonly string[]
  readonly only?: readonly string[]
  readonly configFile?: string
  readonly pluginName: string
  readonly serverUser?: string
  readonly image?: string
  readonly verbose?: boolean
}

async function runChecks(
  context: CliContext,
  plugin: string,
  args: readonly string[],
  options: CheckOptions,
): Promise<void> {
  const { account, environment, stderr, stdout } = context
  const { skip = [], only = [], json, configFile } = options
  const user = options.user ?? (account.root ? undefined : account.name)
  if (user === undefined) {
    throw new CommandFailure('USAGE', 'No plugin runs jobs as root: name an account with --user.')
  }
  if (!(options.timeout > 0)) {
    throw new CommandFailure('USAGE', '--timeout must be a number of seconds.')
  }
  const { checkPlugin, SUITE } = await import('../plugin-check/suite.ts')
  const { pluginStarter } = await import('../plugin-check/running-plugin.ts')
  const { countVerdicts, summaryText, verdictText } = await import('../plugin-check/report.ts')
  const unknown = [...skip, ...only].find((name) => !SUITE.some((check) => check.name === name))
  if (unknown !== undefined) {
    const names = SUITE.map(({ name }) => name).join(', ')
    throw new CommandFailure('USAGE', `There is no check ${unknown}. There are ${names}.`)
  }
  const verdicts = await checkPlugin({
    start: pluginStarter({
      command: plugin.includes('/') ? resolve(plugin) : plugin,
      args,
      environment,
      log: (text) => void (options.verbose && stderr.write(text)),
    }),
    user,
    timeout: options.timeout * 1000,
    flags: {
      pluginName: options.pluginName,
      serverUser: options.serverUser ?? (account.root ? 'nobody' : undefined),
      unprivileged: !account.root,
      configFile: configFile === undefined ? undefined : resolve(configFile),
      metricsIntervalSeconds: 1,
    },
    image: options.image,
    skip,
    only,
    onVerdict: (verdict) => {
      if (!json && verdict.result !== 'skipped') stdout.write(`${verdictText(verdict)}\n`)
    },
    signal: context.stopSignal(),
  })
  const counts = countVerdicts(verdicts)
  if (json) stdout.write(`${JSON.stringify({ plugin, user, counts, checks: verdicts })}\n`)
  else stdout.write(`\n${summaryText(verdicts)}\n`)
  if (counts.fail > 0) {
    throw new CommandFailure('PLUGIN_FAILS', `The plugin fails ${counts.fail} of the checks.`)
  }
}
