/** What a plugin is told on its command line. */
export interface PositFlags {
  readonly pluginName: string
  readonly scratchPath: string
  readonly serverUser: string
  readonly loggingDirectory: string
  readonly launcherConfigFile: string
  readonly threadPoolSize: number
  readonly heartbeatIntervalSeconds: number
  readonly jobExpiryHours: number
  readonly unprivileged: boolean
  readonly debug: boolean
  readonly configFile?: string | undefined
  readonly maxMessageSize?: number | undefined
  readonly metricsIntervalSeconds?: number | undefined
  readonly logLevel?: string | undefined
}

/**
 * The command line of a plugin. Without the last four these are the flags that both Posit's C++ SDK (options/Options.cpp)
 * and its Go SDK (launcher.DefaultOptions) know; they end a plugin that is told another, so that those four, of which each SDK
 * knows only some, are said only when they are configured. Yes and no are 1 and 0, which both understand.
 */
export function positFlags(flags: PositFlags): string[] {
  const all: Readonly<Record<string, string | number | boolean | undefined>> = {
    'enable-debug-logging': flags.debug,
    'heartbeat-interval-seconds': flags.heartbeatIntervalSeconds,
    'job-expiry-hours': flags.jobExpiryHours,
    'launcher-config-file': flags.launcherConfigFile,
    'logging-dir': flags.loggingDirectory,
    'plugin-name': flags.pluginName,
    'scratch-path': flags.scratchPath,
    'server-user': flags.serverUser,
    'thread-pool-size': flags.threadPoolSize,
    unprivileged: flags.unprivileged,
    'config-file': flags.configFile,
    'max-message-size': flags.maxMessageSize,
    'plugin-metrics-interval-seconds': flags.metricsIntervalSeconds,
    'log-level': flags.logLevel,
  }
  return Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}=${typeof value === 'boolean' ? Number(value) : value}`],
  )
}
