import { Command } from 'commander'
import type { Config } from '../config.ts'
import { createLog } from '../log.ts'
import { readConfig, withConfig, type ConfigOptions } from './config-options.ts'
import type { CliContext } from './context.ts'
import { describe, withJson, type JsonOption } from './describe.ts'
import { CommandFailure } from './failure.ts'
import { print } from './print.ts'

type Options = ConfigOptions & JsonOption & { readonly user?: string }

/** `atelier sign-in` */
export function signInCommand(context: CliContext): Command {
  const command = describe(withJson(withConfig(new Command('sign-in'))), {
    summary: 'make a new one-time sign-in link',
    description:
      'Makes a new link to the Atelier that runs here, by "atelier start" or as "atelier node" of this configuration; it signs a browser in once, within a day. That is for auth.method = "link"; otherwise it says how people sign in. Only who can read the database can make one.',
    examples: [
      ['atelier sign-in', 'when you are signed out'],
      ['atelier sign-in --json', 'as {"url": …}, for a program that opens a browser'],
      ['atelier sign-in --user alice', 'for another account'],
    ],
  })
  return command
    .option('--user <name>', 'whom it signs in (default: launcher.user, whose sessions run here)')
    .action(async (options: Options) => {
      const { newSignInLink } = await import('../start/sign-in-link.ts')
      const { localInstance, signsInByLinks } = await import('../start/local-instance.ts')
      const log = createLog('silent', 'sign-in')
      const config = readConfig(context, options)
      if (!signsInByLinks(config)) {
        const { address } = localInstance(config, { named: context.account.name })
        throw otherwise(config, config.routing.public_url ?? address)
      }
      const url = await newSignInLink(config, log, { user: options.user })
      print(context, options, { text: url, json: { url } })
    })
}

function otherwise({ auth }: Config, address: string): CommandFailure {
  const how =
    auth.method === 'proxied'
      ? `through the proxy in front of ${address}`
      : `by user name and password at ${address}/sign-in`
  return new CommandFailure(
    'SIGN_IN_OTHERWISE',
    `Links are for auth.method = "link". Here people sign in ${how}. To use this command line for one of them: --user NAME`,
  )
}
