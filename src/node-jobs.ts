import { findAccount } from './accounts.ts'
import type { ClusterKey } from './auth/cluster-key.ts'
import type { LiveConfig } from './config/live-config.ts'
import { AtelierError } from './errors.ts'
import type { Ides } from './ides/ides.ts'
import type { Versions } from './ides/versions.ts'
import { JobCommands } from './jobs/job-commands.ts'
import { NO_OUTPUTS, type JobOutputs } from './jobs/job-end.ts'
import { JobReader } from './jobs/job-reader.ts'
import { JobRuns } from './jobs/job-runs.ts'
import type { JobStore } from './jobs/job-store.ts'
import { JobWatch } from './jobs/job-watch.ts'
import { LivingJobs } from './jobs/living-jobs.ts'
import type { LauncherClient } from './launcher/client.ts'
import type { Log } from './log.ts'

/** What a node knows of Workbench jobs, and what runs them. Nothing of it is started. */
export type JobSide = ReturnType<typeof jobSide>

/** Builds it. */
export function jobSide(parts: {
  readonly live: LiveConfig
  readonly store: JobStore
  readonly launcher: LauncherClient
  readonly ides: Ides
  readonly versions: Versions
  readonly clusterKey: ClusterKey
  readonly log: Log
}) {
  const { live, store, launcher, ides, versions, clusterKey, log } = parts
  const living = new LivingJobs()
  const outputs: JobOutputs = NO_OUTPUTS
  const commands = () => live.config.jobs.commands
  const jobCommands = new JobCommands({ homeOf, versions, ides, commands })
  return {
    store,
    living,
    reader: new JobReader({ store, living, log }),
    watch: new JobWatch(),
    outputs,
    commands,
    runs: new JobRuns({
      launcher,
      commandOf: (job) => jobCommands.of(job),
      cluster: clusterKey.fingerprint,
    }),
    clusters: async () => (await launcher.status()).clusters.map(({ name }) => name),
  }
}

async function homeOf(user: string): Promise<string> {
  const account = await findAccount(user)
  if (account === undefined) throw new AtelierError('BAD_REQUEST', `There is no account ${user}.`)
  return account.home
}
