import { join } from 'node:path'
import { findAccount } from './accounts.ts'
import type { ClusterKey } from './auth/cluster-key.ts'
import type { LiveConfig } from './config/live-config.ts'
import { dataPaths } from './config.ts'
import { AtelierError } from './errors.ts'
import type { Ides } from './ides/ides.ts'
import type { Versions } from './ides/versions.ts'
import { JobCommands } from './jobs/job-commands.ts'
import { JobOutputs } from './jobs/output/job-outputs.ts'
import { OutputDirectories } from './jobs/output/output-directories.ts'
import { outputFiles } from './jobs/output/output-files.ts'
import { JobReader } from './jobs/job-reader.ts'
import { JobRuns } from './jobs/job-runs.ts'
import type { JobStore } from './jobs/job-store.ts'
import { JobWatch } from './jobs/job-watch.ts'
import { LivingJobs } from './jobs/living-jobs.ts'
import type { LauncherClient } from './launcher/client.ts'
import type { Log } from './log.ts'

const MIB = 1_048_576

/** What a node knows of Workbench jobs, and what runs them. Nothing of it is started. */
export type JobSide = ReturnType<typeof jobSide>

/** Builds it. */
export function jobSide(parts: {
  readonly live: LiveConfig
  /** The name of this node. */
  readonly node: string
  readonly store: JobStore
  readonly launcher: LauncherClient
  readonly ides: Ides
  readonly versions: Versions
  readonly clusterKey: ClusterKey
  readonly log: Log
}) {
  const { live, node, store, launcher, ides, versions, clusterKey, log } = parts
  const living = new LivingJobs()
  const directory = dataPaths(live.config).jobOutput
  const filesOf = (id: string) => outputFiles(directory, id)
  const outputLimit = () => live.config.jobs.output_limit_mib * MIB
  const commands = () => live.config.jobs.commands
  const jobCommands = new JobCommands({ homeOf, versions, ides, commands })
  return {
    store,
    living,
    reader: new JobReader({ store, living, log }),
    watch: new JobWatch(),
    filesOf,
    directories: new OutputDirectories({ root: directory }),
    outputs: new JobOutputs({
      filesOf,
      lockFile: join(directory, `.${node}.lock`),
      launcher,
      limit: outputLimit,
      log,
    }),
    commands,
    runs: new JobRuns({
      launcher,
      commandOf: (job) => jobCommands.of(job),
      cluster: clusterKey.fingerprint,
      // Some more, so that whoever follows it sees that it goes on.
      keptOutput: () => outputLimit() + MIB,
    }),
    clusters: async () => (await launcher.status()).clusters.map(({ name }) => name),
  }
}

async function homeOf(user: string): Promise<string> {
  const account = await findAccount(user)
  if (account === undefined) throw new AtelierError('BAD_REQUEST', `There is no account ${user}.`)
  return account.home
}
