import { Command } from 'commander'
import { LiveConfig } from '../config/live-config.ts'
import type { Config } from '../config.ts'
import { createLog } from '../log.ts'
import { readConfig, withConfig, type ConfigOptions } from './config-options.ts'
import type { CliContext } from './context.ts'
import { describe, withJson, type JsonOption } from './describe.ts'
import { print } from './print.ts'

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
  const live = new LiveConfig(readConfig(context, options))
  const [{ startAtelier }, { installMissing }] = await Promise.all([
    import('../start/start.ts'),
    import('../start/install-missing.ts'),
  ])
  const log = createLog(terminalLevel(live.config), 'start')
  live.onChange((config) => (log.level = terminalLevel(config)))
  const say = (line: string, facts: object = {}) =>
    print(context, options, { text: line, json: { message: line, ...facts } })
  const signal = context.stopSignal(() => {
    for (const { text, about } of live.reload(() => readConfig(context, options))) {
      say(`${text}: ${about.join('; ') || 'nothing'}`)
    }
  })
  const { account, environment, script } = context
  const { root } = account
  const terminal = options.json ? { write: (text: string) => say(text.trimEnd()) } : context.stdout
  await startAtelier({
    live,
    log,
    say,
    script,
    root,
    signal,
    environment,
    self: account.name,
    onReady: (config) => installMissing({ config, log, root, environment, signal, terminal }),
  })
}

// In the terminal only what needs somebody; everything else is in the logs of the processes.
function terminalLevel({ log }: Config): 'debug' | 'error' {
  return log.level === 'debug' ? 'debug' : 'error'
}
