import { Command } from 'commander'
import { readConfig, withConfig, type ConfigOptions } from './config-options.ts'
import type { CliContext } from './context.ts'
import { describe, withJson, type JsonOption } from './describe.ts'

interface PamOptions extends ConfigOptions, JsonOption {
  readonly print?: boolean
}

/** `atelier pam` */
export function pamCommand(context: CliContext): Command {
  const install = describe(withJson(withConfig(new Command('install'))), {
    summary: 'make the PAM service for sign-in and sessions',
    description:
      'Makes the file in /etc/pam.d that launcher.pam_service names, unless it is there already: by it passwords are checked and sessions opened, as the system does it for other services. Only root can.',
    examples: [
      ['atelier pam install', 'makes /etc/pam.d/atelier'],
      ['atelier pam install --print', 'shows what it would hold on this system'],
    ],
  })
    .option('--print', 'only show what the file would hold')
    .action((options: PamOptions) => runInstall(context, options))
  return new Command('pam')
    .summary('set up sign-in by password')
    .description('Sets up PAM, by which passwords are checked and sessions opened.')
    .addCommand(install)
}

async function runInstall(context: CliContext, options: PamOptions): Promise<void> {
  const { installService, pamStyle } = await import('../pam/install-service.ts')
  const { serviceText } = await import('../pam/service-text.ts')
  const answer = (facts: object, text: string) =>
    context.stdout.write(options.json ? `${JSON.stringify(facts)}\n` : text)
  if (options.print) {
    const text = serviceText(pamStyle())
    answer({ text }, text)
    return
  }
  const { pam_service } = readConfig(context, options).launcher
  const { file, made } = installService(pam_service)
  answer({ file, made }, made ? `${file} was made.\n` : `PAM knows ${pam_service} already.\n`)
}
