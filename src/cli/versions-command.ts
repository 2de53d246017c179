import { Command } from 'commander'
import { readConfig, withConfig, type ConfigOptions } from './config-options.ts'
import type { CliContext } from './context.ts'
import { describe, withJson, type JsonOption } from './describe.ts'

/** `atelier versions` */
export function versionsCommand(context: CliContext): Command {
  const command = describe(withJson(withConfig(new Command('versions'))), {
    summary: 'show the Pythons and Rs that sessions can use',
    description:
      'Looks for Pythons and Rs as the account that sessions run as, and shows which a session can be started with.',
    examples: [['atelier versions', 'what is there now']],
  })
  return command.action(async (options: ConfigOptions & JsonOption) => {
    const { listVersions } = await import('../start/list-versions.ts')
    const { name, root } = context.account
    const text = await listVersions({
      config: readConfig(context, options),
      root,
      self: name,
      sudoUser: context.environment['SUDO_USER'],
      json: options.json === true,
    })
    context.stdout.write(`${text}\n`)
  })
}
