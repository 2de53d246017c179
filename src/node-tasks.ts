import { availableParallelism } from 'node:os'
import type { SignIns } from './auth/sign-ins.ts'
import type { SignOuts } from './auth/sign-outs.ts'
import type { LiveConfig } from './config/live-config.ts'
import type { SampleStore } from './history/cluster-sample.ts'
import type { HistoryStore } from './history/history-store.ts'
import { keptDays, type JobRetention } from './jobs/job-retention.ts'
import type { LivingStore } from './history/living-work.ts'
import type { Launcher, LauncherClusters } from './launcher/launcher.ts'
import type { Log } from './log.ts'
import type { JoinedNode } from './node-cluster.ts'
import { submitAgainWithin } from './jobs/submit-again-within.ts'
import { JobOrphans } from './jobs/job-orphans.ts'
import { JobSteps } from './jobs/job-steps.ts'
import type { JobSide } from './node-jobs.ts'
import type { ScheduleSide } from './node-schedules.ts'
import type { NodeStore } from './nodes/node-store.ts'
import type { Notices } from './notices/notices.ts'
import type { Activity } from './sessions/activity.ts'
import type { BusySigns } from './sessions/busy-signs.ts'
import type { IdleWatch } from './sessions/idle-watch.ts'
import type { LocationReader } from './sessions/location-reader.ts'
import type { Locations } from './sessions/locations.ts'
import type { Limits } from './sessions/limits.ts'
import type { Placement } from './sessions/placement.ts'
import type { SessionJobs } from './sessions/session-jobs.ts'
import type { SessionStore } from './sessions/session-store.ts'
import type { Usage } from './sessions/usage.ts'
import { EndSignIns } from './tasks/end-sign-ins.ts'
import { KeepHistory } from './tasks/keep-history.ts'
import { LoseNodes } from './tasks/lose-nodes.ts'
import { MarkIdle } from './tasks/mark-idle.ts'
import { NoteUsage } from './tasks/note-usage.ts'
import { ReadLocations } from './tasks/read-locations.ts'
import { ReconcileJobs } from './tasks/reconcile-jobs.ts'
import { ReconcileSessions } from './tasks/reconcile-sessions.ts'
import { RescueJobs } from './tasks/rescue-jobs.ts'
import { RemoveOutputs } from './tasks/remove-outputs.ts'
import { RenewLease } from './tasks/renew-lease.ts'
import { StopIdle } from './tasks/stop-idle.ts'
import { TakeSample } from './tasks/take-sample.ts'
import { TaskDriver } from './tasks/task-driver.ts'
import { TellLauncher } from './tasks/tell-launcher.ts'
import { TellNotices } from './tasks/tell-notices.ts'
import { TellRejections } from './tasks/tell-rejections.ts'
import { WriteActivity } from './tasks/write-activity.ts'

/** The tasks of a node, which is called `node`, and what drives them; none is started. */
export function nodeTasks(parts: {
  readonly node: string
  readonly live: LiveConfig
  readonly log: Log
  readonly store: SessionStore
  readonly locations: Locations
  readonly launcher: Launcher & Pick<LauncherClusters, 'setNodes'>
  readonly jobs: SessionJobs
  readonly jobSide: JobSide
  readonly scheduleSide: Pick<ScheduleSide, 'tasks'>
  /** Chooses nodes for jobs. */
  readonly jobPlacement: Pick<Placement, 'place'>
  readonly jobRetention: JobRetention
  readonly userLimits: Pick<Limits, 'of'>
  readonly activity: Activity
  readonly watch: IdleWatch
  readonly signs: BusySigns
  readonly reader: LocationReader
  readonly joined: Pick<JoinedNode, 'membership' | 'nodes' | 'lease'>
  readonly nodeStore: NodeStore
  readonly usage: Usage
  readonly history: HistoryStore
  readonly living: LivingStore
  readonly samples: SampleStore
  readonly notices: Notices
  readonly signIns: Pick<SignIns, 'endOver'>
  readonly signOuts: Pick<SignOuts, 'refresh'>
  /** Told when another start of this node has taken its place. */
  readonly superseded: (error: Error) => void
  /** Throws while Launcher or database do not answer. */
  readonly canSee: () => Promise<unknown>
}): TaskDriver {
  const { live, log, reader, nodeStore, signOuts, store } = parts
  const { membership, lease, nodes } = parts.joined
  const { jobSide, userLimits } = parts
  const stopTimeout = () => live.config.sessions.stop_timeout_seconds * 1000
  const steps = new JobSteps({
    ...jobSide,
    placement: parts.jobPlacement,
    facts: () => ({
      draining: nodes.get(parts.node)?.draining ?? membership.local.meta.draining,
      submitAgainWithin: submitAgainWithin(live.config),
      stopTimeout: stopTimeout(),
    }),
    log,
  })
  const driver: TaskDriver = new TaskDriver({
    log,
    tasks: [
      new ReconcileSessions({
        ...parts,
        limits: () => ({
          startTimeout: live.config.sessions.start_timeout_seconds * 1000,
          stopTimeout: live.config.sessions.stop_timeout_seconds * 1000,
        }),
        again: () => driver.hint('reconcile-sessions'),
      }),
      new ReconcileJobs({
        ...jobSide,
        node: parts.node,
        steps,
        orphans: new JobOrphans({ ...jobSide, stopTimeout, log }),
        limitsOf: (user) => userLimits.of(user),
        log,
        again: () => driver.hint('reconcile-jobs'),
      }),
      new MarkIdle(parts),
      new StopIdle(parts),
      new WriteActivity(parts),
      new ReadLocations({
        readers: [reader, jobSide.reader, nodes, { resync: () => signOuts.refresh() }],
      }),
      new RenewLease({ ...parts, membership, lease, processors: availableParallelism() }),
      new LoseNodes({ ...parts, membership, lease, nodes, store: nodeStore, sessions: store }),
      new RescueJobs({ ...jobSide, nodes, placement: parts.jobPlacement, log }),
      new RemoveOutputs({
        ...jobSide,
        node: live.config.jobs.shared ? null : parts.node,
        retention: parts.jobRetention,
        days: () => keptDays(live.config),
        log,
      }),
      new EndSignIns(parts),
      ...parts.scheduleSide.tasks,
      new TellLauncher({ membership, launcher: parts.launcher }),
      new TellRejections({ membership, log }),
      new NoteUsage({ ...parts, jobs: () => jobSide.store.living(parts.node) }),
      new TakeSample(parts),
      new KeepHistory({ ...parts, days: () => live.config.jobs.history_days }),
      new TellNotices(parts),
    ],
  })
  return driver
}
