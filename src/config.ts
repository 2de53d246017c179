import { join } from 'node:path'
import type { Config } from './config/schema.ts'

export type { Config } from './config/schema.ts'

/** What is wrong with the configuration: one sentence for each mistake, in `problems`. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** Folders and sockets below the data directory, in one place. */
export function dataPaths(config: Config): {
  readonly clusterKey: string
  readonly ides: string
  /** Names the data directory itself. */
  readonly installation: string
  /** Where it is kept what jobs print; `launcherScratch` is where the Launcher runs them. */
  readonly jobOutput: string
  readonly launcherKey: string
  readonly launcherSocket: string
  readonly launcherScratch: string
  readonly lock: string
  readonly log: string
  readonly postgres: string
} {
  const { directory } = config.data
  return {
    clusterKey: config.cluster.key_file ?? join(directory, 'cluster.key'),
    ides: config.ides.directory ?? join(directory, 'ides'),
    installation: join(directory, 'installation'),
    jobOutput: config.jobs.directory ?? join(directory, 'job-output'),
    launcherKey: config.launcher.key_file ?? join(directory, 'launcher', 'launcher.key'),
    launcherSocket: join(directory, 'launcher', 'launcher.sock'),
    launcherScratch: join(directory, 'jobs'),
    lock: join(directory, 'atelier.lock'),
    log: join(directory, 'log'),
    postgres: join(directory, 'postgres'),
  }
}
