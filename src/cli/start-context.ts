import { LiveConfig } from '../config/live-config.ts'
import type { Config } from '../config.ts'
import { createLog } from '../log.ts'
import type { StartContext } from '../start/start-context.ts'
import type { CliContext } from './context.ts'
import type { JsonOption } from './describe.ts'
import { print } from './print.ts'

/**
 * What a command that starts and supervises our processes hands over: lines for the terminal, a configuration that `read`
 * gives, again on SIGHUP, and the installation of missing IDEs once it serves. Throws ConfigError.
 */
export async function startContext(
  context: CliContext,
  options: JsonOption,
  read: () => Config,
): Promise<StartContext> {
  const live = new LiveConfig(read())
  const { installMissing } = await import('../start/install-missing.ts')
  const log = createLog(terminalLevel(live.config), 'start')
  live.onChange((config) => (log.level = terminalLevel(config)))
  const say = (line: string, facts: object = {}) =>
    print(context, options, { text: line, json: { message: line, ...facts } })
  const signal = context.stopSignal(() => {
    for (const { text, about } of live.reload(read)) {
      say(`${text}: ${about.join('; ') || 'nothing'}`)
    }
  })
  const { account, environment, script } = context
  const { root } = account
  const terminal = options.json ? { write: (text: string) => say(text.trimEnd()) } : context.stdout
  return {
    live,
    log,
    say,
    script,
    root,
    signal,
    environment,
    self: account.name,
    onReady: (config) => installMissing({ config, log, root, environment, signal, terminal }),
  }
}

// In the terminal only what needs somebody; everything else is in the logs of the processes.
function terminalLevel({ log }: Config): 'debug' | 'error' {
  return log.level === 'debug' ? 'debug' : 'error'
}
