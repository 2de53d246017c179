import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { LiveConfig, type ReloadReport } from '../config/live-config.ts'
import { loadConfig } from '../config/load.ts'
import { configSchema } from '../config/schema.ts'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { configMessage, RESOLVED_CONFIG } from '../start/messages.ts'
import type { CliContext } from './context.ts'

/** Where the configuration of a server lies unless another is named. */
export const SYSTEM_CONFIG = '/etc/atelier/atelier.toml'

/** The options of `withConfig`. */
export interface ConfigOptions {
  readonly config?: string
  readonly set?: readonly string[]
}

/** Lets a command be told which configuration to use. */
export function withConfig(command: Command): Command {
  const set = (setting: string, before: readonly string[] = []) => [...before, setting]
  return command
    .option('--config <file>', `the configuration file (default: ${SYSTEM_CONFIG}, if it is there)`)
    .option('--set <key=value>', 'set one key, for example server.port=8080; repeatable', set)
}

/** The configuration file in use, if there is one. */
export function configFile(
  { environment }: CliContext,
  options: ConfigOptions,
): string | undefined {
  const named = options.config ?? environment['ATELIER_CONFIG']
  return named ?? (existsSync(SYSTEM_CONFIG) ? SYSTEM_CONFIG : undefined)
}

/** Reads the configuration. Throws ConfigError. */
export function readConfig(context: CliContext, options: ConfigOptions): Config {
  const resolved = context.environment[RESOLVED_CONFIG]
  if (resolved !== undefined && context.parent) return configSchema.parse(JSON.parse(resolved))
  const { account, environment } = context
  const data = environment['XDG_DATA_HOME'] ?? join(account.home, '.local', 'share')
  return loadConfig({
    file: configFile(context, options),
    settings: options.set ?? [],
    dataDirectory: account.root ? '/var/lib/atelier' : join(data, 'atelier'),
  })
}

/**
 * A configuration that follows its source, for a process that goes on running: `onHangUp` reads the file again; below
 * `atelier start` it is that one which reads it, and which hands over what it has read. The log's level follows too.
 */
export function followConfig(
  context: CliContext,
  options: ConfigOptions,
  logOf: (config: Config) => Log & { level: string },
): { live: LiveConfig; log: Log; onHangUp: () => void } {
  const live = new LiveConfig(readConfig(context, options))
  const log = logOf(live.config)
  live.onChange(({ log: { level } }) => (log.level = level))
  const tell = (reports: readonly ReloadReport[]) => {
    for (const { level, text, about } of reports) log[level]({ about }, text)
  }
  context.parent?.onMessage((message) => {
    const known = configMessage.safeParse(message)
    if (known.success) tell(live.reload(() => known.data.config))
  })
  return {
    live,
    log,
    onHangUp() {
      if (context.parent) log.warn('SIGHUP is for atelier start, which reads the configuration')
      else tell(live.reload(() => readConfig(context, options)))
    },
  }
}
