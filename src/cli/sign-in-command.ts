import { Command } from 'commander'
import { createLog } from '../log.ts'
import { readConfig, withConfig, type ConfigOptions } from './config-options.ts'
import type { CliContext } from './context.ts'
import { describe, withJson, type JsonOption } from './describe.ts'
import { print } from './print.ts'

type Options = ConfigOptions & JsonOption & { readonly user?: string }

/** `atelier sign-in` */
export function signInCommand(context: CliContext): Command {
  const command = describe(withJson(withConfig(new Command('sign-in'))), {
    summary: 'make a new one-time sign-in link',
    description:
      'Makes a new link to the Atelier that runs here, by "atelier start" or as "atelier node" of this configuration; it signs a browser in once, within a day. Only who can read the database can make one.',
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
      const log = createLog('silent', 'sign-in')
      const url = await newSignInLink(readConfig(context, options), log, { user: options.user })
      print(context, options, { text: url, json: { url } })
    })
}
