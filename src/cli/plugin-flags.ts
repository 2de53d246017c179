import { InvalidArgumentError, Option, type Command } from 'commander'
import { LOG_LEVELS } from '../log.ts'

/** What Posit's Launcher tells a plugin on its command line, and we have no other word for. */
export interface PluginFlags {
  readonly enableDebugLogging?: boolean
  readonly unprivileged?: boolean
  readonly configFile?: string
  readonly jobExpiryHours?: number
  readonly maxMessageSize?: number
  readonly pluginMetricsIntervalSeconds: number
  readonly logLevel: (typeof LOG_LEVELS)[number]
}

/** Gives a plugin's command the flags of Posit's Launcher, so that any Launcher can start it. */
export function withPluginFlags(command: Command): Command {
  return command
    .option(
      '--config-file <file>',
      'its own configuration, read again when the Launcher asks for it',
    )
    .option('--job-expiry-hours <n>', 'how long jobs that have ended are kept', amount, 24)
    .option(
      '--plugin-metrics-interval-seconds <n>',
      'how often it reports metrics; 0 is never',
      amount,
      60,
    )
    .option('--max-message-size <bytes>', 'of the protocol', amount)
    .option('--unprivileged [yes]', 'run jobs of the own account only', yes)
    .addOption(
      new Option('--log-level <level>', 'what is logged')
        .choices(LOG_LEVELS)
        .argParser(logLevel)
        .default('info'),
    )
    .option('--enable-debug-logging [yes]', 'log everything', yes)
    .option(
      '--heartbeat-interval-seconds <n>',
      'taken note of: heartbeats are answered as they come',
    )
    .option('--launcher-config-file <file>', 'taken note of')
    .option('--logging-dir <directory>', 'taken note of: the log goes to standard error')
    .option('--rsandbox-path <file>', 'taken note of: jobs are started without it')
    .option('--thread-pool-size <n>', 'taken note of: there is one thread')
}

/** True for 1 and true, false for 0 and false: how Posit's Launcher and its SDKs write it. Throws InvalidArgumentError. */
function yes(value: string): boolean {
  if (/^(1|true|yes)$/i.test(value)) return true
  if (/^(0|false|no)$/i.test(value)) return false
  throw new InvalidArgumentError('Say 1 or 0.')
}

function amount(value: string): number {
  const number = Number(value)
  if (value !== '' && number >= 0 && Number.isFinite(number)) return number
  throw new InvalidArgumentError('Say a number from 0 on.')
}

/** A level in whatever case. Throws InvalidArgumentError. */
function logLevel(value: string): PluginFlags['logLevel'] {
  const level = LOG_LEVELS.find((each) => each === value.toLowerCase())
  if (level !== undefined) return level
  throw new InvalidArgumentError(`Allowed choices are ${LOG_LEVELS.join(', ')}.`)
}
