import { Command } from 'commander'
import { withConfig, type ConfigOptions } from './config-options.ts'
import { connect, CONNECT_HELP } from './connect.ts'
import type { CliContext } from './context.ts'
import { describe, withJson, type JsonOption } from './describe.ts'
import { OwnSchedules } from './own-schedules.ts'
import { print } from './print.ts'
import { withUser, type UserOption } from './speak-for.ts'

type Options = ConfigOptions & JsonOption & UserOption & { readonly replace?: boolean }

/** `webhook-secret`, a command of `atelier job` */
export function webhookSecretCommand(context: CliContext): Command {
  return describe(withJson(withUser(withConfig(new Command('webhook-secret')))), {
    summary: 'show what your webhooks are signed by',
    description:
      'Prints the secret by which the webhooks of your jobs are signed, as Standard Webhooks says: with it a receiver knows that a message comes from here. Keep it secret.',
    examples: [
      ['atelier job webhook-secret', 'for the configuration of a receiver'],
      ['atelier job webhook-secret --replace', 'a new one; for a day both sign'],
    ],
  })
    .addHelpText('after', CONNECT_HELP)
    .option('--replace', 'make a new one')
    .action(async (options: Options) => {
      const schedules = new OwnSchedules({ client: await connect(context, options) })
      const secret = await schedules.webhookSecret(options.replace === true)
      print(context, options, { text: secret, json: { secret } })
    })
}
