import { Command } from 'commander'
import { createLog } from '../log.ts'
import { readConfig, withConfig, type ConfigOptions } from './config-options.ts'
import type { CliContext } from './context.ts'
import { describe, withJson, type JsonOption } from './describe.ts'
import { print } from './print.ts'

/** `atelier sign-in` */
export function signInCommand(context: CliContext): Command {
  const command = describe(withJson(withConfig(new Command('sign-in'))), {
    summary: 'make a new one-time sign-in link',
    description:
      'Makes a new link to the Atelier that runs here; it signs a browser in once, within a day. Only the account that runs Atelier can make one.',
    examples: [
      ['atelier sign-in', 'when you are signed out'],
      ['atelier sign-in --json', 'as {"url": …}, for a program that opens a browser'],
    ],
  })
  return command.action(async (options: ConfigOptions & JsonOption) => {
    const { newSignInLink } = await import('../start/sign-in-link.ts')
    const url = await newSignInLink(readConfig(context, options), createLog('silent', 'sign-in'))
    print(context, options, { text: url, json: { url } })
  })
}
