/** What plugins may want to know of the Launcher that started them. */
export interface PositConf {
  readonly serverUser: string
  readonly unprivileged: boolean
  readonly threadPoolSize: number
  readonly loggingDirectory: string
  readonly clusters: readonly {
    readonly name: string
    readonly type: 'local' | 'plugin'
    readonly exe: string
    readonly configFile?: string | undefined
  }[]
}

/** The Launcher's configuration as Posit's own has it in launcher.conf, for plugins that read their Launcher's. */
export function positConf(conf: PositConf): string {
  const { serverUser, unprivileged, threadPoolSize, loggingDirectory, clusters } = conf
  const server = section('server', {
    'server-user': serverUser,
    'authorization-enabled': 1,
    'thread-pool-size': threadPoolSize,
    'logging-dir': loggingDirectory,
    unprivileged: Number(unprivileged),
  })
  const each = clusters.map(({ name, type, exe, configFile }) =>
    section('cluster', {
      name,
      type: type === 'local' ? 'Local' : 'Plugin',
      exe,
      'config-file': configFile,
    }),
  )
  return ['# Made by atelier launcher at each of its starts.', server, ...each].join('\n\n') + '\n'
}

function section(
  name: string,
  values: Readonly<Record<string, string | number | undefined>>,
): string {
  const lines = Object.entries(values).flatMap(([key, value]) =>
    // A value of several lines would say more than it is meant to.
    value === undefined ? [] : [`${key}=${String(value).replaceAll(/[\r\n]+/g, ' ')}`],
  )
  return [`[${name}]`, ...lines].join('\n')
}
