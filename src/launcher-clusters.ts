import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { dataPaths, type Config } from './config.ts'
import type { ClusterOptions } from './launcher/cluster.ts'
import { positConf } from './launcher/posit-conf.ts'
import { positFlags } from './launcher/posit-flags.ts'
import { LOCAL_CLUSTER } from './launcher/service.ts'

type ClusterKeys = Config['launcher']['clusters'][string]

/** Who the Launcher is, and what it has, when it starts plugins. */
export interface PluginHost {
  readonly config: Config
  readonly root: boolean
  /** The account that reaches what jobs serve; the Launcher's own if it is not root. */
  readonly serverUser: string
  /** How to run our own local plugin: the program, and what comes before its flags and after them. */
  readonly local: {
    readonly command: string
    readonly before: readonly string[]
    readonly after: readonly string[]
  }
  readonly environment: NodeJS.ProcessEnv
  /** Throws PluginError if no job may run as this user; for plugins that are not ours, which do not look. */
  readonly checkUser: (user: string) => Promise<unknown>
}

/** Our levels in the words of Posit's SDKs. */
const POSIT_LEVELS: Readonly<Record<string, string>> = {
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  silent: 'OFF',
}

const LOCAL_ONLY: readonly [string, ClusterKeys][] = [
  [
    LOCAL_CLUSTER,
    {
      type: 'local',
      args: [],
      heartbeat_interval_seconds: 5,
      request_timeout_seconds: 30,
      bootstrap_timeout_seconds: 120,
      job_expiry_hours: 24,
      debug: false,
    },
  ],
]

/** Where the launcher.conf lies that plugins are told of. */
export function positConfFile(config: Config): string {
  return join(config.data.directory, 'launcher', 'launcher.conf')
}

/** The Launcher clusters that are configured, the default one first; only Local, which runs jobs here, if there are none. */
export function launcherClusters(host: PluginHost): readonly ClusterOptions[] {
  return namedClusters(host.config).map(([name, keys], place) => ({
    ...clusterOptions(name, keys, host),
    // Sessions need it; and our own is there.
    isRequired: place === 0 && keys.type === 'local',
  }))
}

/** The content of launcher.conf, as Posit's plugins know it. */
export function positConfOf(host: PluginHost): string {
  return positConf({
    serverUser: host.serverUser,
    unprivileged: !host.root,
    threadPoolSize: threadPoolSize(),
    loggingDirectory: dataPaths(host.config).log,
    clusters: namedClusters(host.config).map(([name, { type, exe, config_file }]) => ({
      name,
      type,
      exe: exe ?? host.local.command,
      configFile: config_file,
    })),
  })
}

/** Where the plugins that are not ours keep what they must remember; ours makes its own. */
export function scratchPaths(config: Config): readonly string[] {
  return namedClusters(config)
    .filter(([, { type }]) => type === 'plugin')
    .map(([name, keys]) => scratchPathOf(config, name, keys))
}

function scratchPathOf(config: Config, name: string, { scratch_path }: ClusterKeys): string {
  const { launcherScratch } = dataPaths(config)
  return scratch_path ?? (name === LOCAL_CLUSTER ? launcherScratch : `${launcherScratch}-${name}`)
}

function namedClusters({ launcher }: Config): readonly [string, ClusterKeys][] {
  const named = Object.entries(launcher.clusters)
  if (named.length === 0) return LOCAL_ONLY
  const isLocal = ([name]: [string, ClusterKeys]) => name === LOCAL_CLUSTER
  return [...named.filter(isLocal), ...named.filter((each) => !isLocal(each))]
}

function clusterOptions(
  name: string,
  keys: ClusterKeys,
  host: PluginHost,
): Omit<ClusterOptions, 'isRequired'> {
  const { type, exe, args, config_file, log_level, debug, unprivileged = !host.root } = keys
  const { heartbeat_interval_seconds, request_timeout_seconds, bootstrap_timeout_seconds } = keys
  const { job_expiry_hours, max_message_size, metrics_interval_seconds } = keys
  const { config, local, checkUser } = host
  const flags = positFlags({
    pluginName: name,
    scratchPath: scratchPathOf(config, name, keys),
    serverUser: host.serverUser,
    loggingDirectory: dataPaths(config).log,
    launcherConfigFile: positConfFile(config),
    threadPoolSize: threadPoolSize(),
    heartbeatIntervalSeconds: heartbeat_interval_seconds,
    jobExpiryHours: job_expiry_hours,
    unprivileged,
    debug,
    configFile: config_file,
    maxMessageSize: max_message_size,
    metricsIntervalSeconds: metrics_interval_seconds,
    logLevel: type === 'local' ? (log_level ?? config.log.level) : POSIT_LEVELS[log_level ?? ''],
  })
  const isOurs = type === 'local'
  return {
    name,
    ...(isOurs
      ? { command: local.command, args: [...local.before, ...flags, ...local.after, ...args] }
      : { command: exe ?? '', args: [...flags, ...args], checkUser }),
    environment: withoutOurs(host.environment),
    heartbeatInterval: heartbeat_interval_seconds * 1000,
    requestTimeout: request_timeout_seconds * 1000,
    bootstrapTimeout: bootstrap_timeout_seconds * 1000,
    maxMessageBytes: max_message_size,
  }
}

function threadPoolSize(): number {
  return Math.max(4, availableParallelism())
}

/** What is ours may tell how the database is reached. */
function withoutOurs(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const others = Object.entries(environment).filter(([name]) => !name.startsWith('ATELIER_'))
  return Object.fromEntries(others)
}
