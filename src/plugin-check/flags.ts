/** What a plugin is told on its command line. */
export interface PluginFlags {
  readonly pluginName: string
  readonly scratchPath: string
  readonly loggingDirectory: string
  readonly serverUser?: string | undefined
  readonly unprivileged: boolean
  readonly configFile?: string | undefined
  readonly metricsIntervalSeconds: number
}

/**
 * The flags that Posit's Launcher passes, with its way to write them: `--name=value`, and 1 or 0 for yes or no. None
 * that Posit's Go SDK does not know, since that ends on those.
 */
export function pluginFlags(flags: PluginFlags): string[] {
  return [
    '--enable-debug-logging=0',
    '--job-expiry-hours=24',
    '--heartbeat-interval-seconds=5',
    `--plugin-name=${flags.pluginName}`,
    `--scratch-path=${flags.scratchPath}`,
    '--thread-pool-size=4',
    `--logging-dir=${flags.loggingDirectory}`,
    `--plugin-metrics-interval-seconds=${flags.metricsIntervalSeconds}`,
    ...(flags.serverUser === undefined ? [] : [`--server-user=${flags.serverUser}`]),
    ...(flags.unprivileged ? ['--unprivileged=1'] : []),
    ...(flags.configFile === undefined ? [] : [`--config-file=${flags.configFile}`]),
  ]
}
