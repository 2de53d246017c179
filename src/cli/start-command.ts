import { Command } from 'commander'
import { readConfig, withConfig, type ConfigOptions } from './config-options.ts'
import type { CliContext } from './context.ts'
import { describe, withJson, type JsonOption } from './describe.ts'
import { startContext } from './start-context.ts'

/** `atelier start` */
export function startCommand(context: CliContext): Command {
  const command = describe(withJson(withConfig(new Command('start'))), {
    summary: 'run everything on this machine: database, Launcher and node',
    description:
      'Runs everything on this machine and keeps it running: the built-in Postgres (unless database.url names another), the Launcher and the node. It prints a link that signs you in. Stop it with Ctrl-C: sessions go on and are there again at the next start. SIGHUP reads the configuration again.',
    examples: [
      ['atelier start', 'on http://127.0.0.1:8787, with data in your own data directory'],
      [
        'atelier start --set server.port=8080 --set data.directory=/srv/atelier',
        'a second Atelier beside the first',
      ],
      ['atelier start --config /etc/atelier/atelier.toml', 'as a file says'],
    ],
  })
  return command.action((options: ConfigOptions & JsonOption) => start(context, options))
}

async function start(context: CliContext, options: ConfigOptions & JsonOption): Promise<void> {
  const { startAtelier } = await import('../start/start.ts')
  await startAtelier(await startContext(context, options, () => readConfig(context, options)))
}
