import { Argument, Command } from 'commander'
import { dataPaths } from '../config.ts'
import type { IdeStatus } from '../ides/ide.ts'
import { createLog } from '../log.ts'
import { IDE_NAMES, type IdeName } from '../sessions/session.ts'
import { readConfig, withConfig, type ConfigOptions } from './config-options.ts'
import type { CliContext } from './context.ts'
import { describe, withJson, type JsonOption } from './describe.ts'
import { CommandFailure } from './failure.ts'
import { print, textTable } from './print.ts'

/** `atelier ide` */
export function ideCommand(context: CliContext): Command {
  const list = describe(withJson(withConfig(new Command('list'))), {
    summary: 'show which IDEs sessions can run',
    description:
      'Shows each IDE, its version, and, where one is missing, the command that mends it. It needs no running Atelier.',
    examples: [['atelier ide list', 'what is installed, and what is not']],
  }).action((options: ConfigOptions & JsonOption) => listIdes(context, options))
  const install = describe(withJson(withConfig(new Command('install'))), {
    summary: 'install IDEs',
    description:
      'Installs IDEs, or their newest versions, beside running sessions, which keep the one they have. "atelier start" does this by itself for those that are missing.',
    examples: [
      ['atelier ide install vscode', 'VS Code (code-server)'],
      ['atelier ide install jupyterlab jupyter-notebook', 'two of them'],
    ],
  })
    .addArgument(new Argument('<ide...>', 'which ones').choices(IDE_NAMES))
    .action((names: IdeName[], options: ConfigOptions & JsonOption) =>
      installIdes(context, names, options),
    )
  return new Command('ide')
    .summary('the IDEs that sessions run')
    .description('The IDEs that sessions run: which there are, and their installation.')
    .addCommand(list)
    .addCommand(install)
}

async function listIdes(context: CliContext, options: ConfigOptions & JsonOption): Promise<void> {
  const items = await statuses(context, options)
  const rows = items.map(({ name, title, state, version, mend }) => [
    name,
    title,
    state,
    version ?? (mend === null ? '' : `mend it with: ${mend}`),
  ])
  const text = textTable(['IDE', 'NAME', 'STATE', 'VERSION'], rows)
  print(context, options, { text, json: { items } })
}

async function installIdes(
  context: CliContext,
  names: readonly IdeName[],
  options: ConfigOptions & JsonOption,
): Promise<void> {
  const { installNamed } = await import('../start/install-missing.ts')
  const ok = await installNamed(names, {
    config: readConfig(context, options),
    log: createLog('error', 'ide install'),
    root: context.account.root,
    environment: context.environment,
    signal: context.stopSignal(),
    // With --json the progress is no part of the answer.
    terminal: options.json ? { write: () => true } : context.stdout,
  })
  if (options.json) {
    const items = await statuses(context, options)
    print(context, options, {
      text: '',
      json: { items: items.filter((ide) => names.includes(ide.name)) },
    })
  }
  if (!ok) throw new CommandFailure('INSTALL_FAILED', 'Not everything could be installed.')
}

async function statuses(
  context: CliContext,
  options: ConfigOptions,
): Promise<readonly IdeStatus[]> {
  const { Ides } = await import('../ides/ides.ts')
  const config = readConfig(context, options)
  const log = createLog('silent', 'ide')
  return new Ides({ directory: dataPaths(config).ides, rserver: config.ides.rserver, log }).list()
}
