import type { ClusterKey } from './auth/cluster-key.ts'
import type { Standings } from './auth/standings.ts'
import type { LiveConfig } from './config/live-config.ts'
import { jobJson } from './control/job-json.ts'
import { AtelierError } from './errors.ts'
import type { Jobs } from './jobs/jobs.ts'
import type { Log } from './log.ts'
import type { JobSide } from './node-jobs.ts'
import type { Database } from './postgres/connect.ts'
import { PostgresDeliveryStore } from './postgres/delivery-store.ts'
import { PostgresScheduleStore } from './postgres/schedule-store.ts'
import { PostgresWebhookSecrets } from './postgres/webhook-secrets.ts'
import { Schedules } from './schedules/schedules.ts'
import type { Limits } from './sessions/limits.ts'
import type { Placement } from './sessions/placement.ts'
import { DeliverWebhooks } from './tasks/deliver-webhooks.ts'
import { RunSchedules } from './tasks/run-schedules.ts'
import { sendWebhook } from './webhooks/send-webhook.ts'
import { WebhookSecrets } from './webhooks/webhook-secrets.ts'

/** What a node knows of schedules and webhooks, and the tasks that make them happen. Nothing of it is started. */
export type ScheduleSide = ReturnType<typeof scheduleSide>

/** Builds it. */
export function scheduleSide(parts: {
  readonly live: LiveConfig
  readonly database: Database
  readonly clusterKey: ClusterKey
  readonly version: string
  readonly workbenchJobs: Jobs
  readonly jobSide: Pick<JobSide, 'store' | 'living'>
  /** Chooses nodes for jobs. */
  readonly jobPlacement: Pick<Placement, 'place'>
  readonly userLimits: Pick<Limits, 'of'>
  readonly standings: Pick<Standings, 'check'>
  readonly log: Log
}) {
  const { live, database, clusterKey, version, workbenchJobs, jobSide, log } = parts
  const store = new PostgresScheduleStore({ database })
  const deliveries = new PostgresDeliveryStore({ database })
  const webhookSecrets = new WebhookSecrets({
    store: new PostgresWebhookSecrets({ database }),
    clusterKey,
  })
  return {
    deliveries,
    webhookSecrets,
    schedules: new Schedules({
      store,
      jobs: workbenchJobs,
      limits: parts.userLimits,
      shortest: () => live.config.jobs.shortest_interval_seconds,
    }),
    tasks: [
      new RunSchedules({
        store,
        jobs: workbenchJobs,
        placement: parts.jobPlacement,
        requireUser: async (user) => {
          const standing = await parts.standings.check(user)
          if (!standing.admitted) throw new AtelierError('ACCOUNT_REFUSED', standing.why)
        },
        // The reconciler follows what is known of jobs.
        started: (job) => jobSide.living.apply([job]),
        log,
      }),
      new DeliverWebhooks({
        store: deliveries,
        jobs: jobSide.store,
        secrets: webhookSecrets,
        send: sendWebhook,
        body: (job) => jobJson(job, ENDED),
        hosts: () => live.config.jobs.webhook_hosts,
        userAgent: `Atelier/${version}`,
        log,
      }),
    ],
  }
}

/** What is not in the row of a job is over once it has ended. */
const ENDED = {
  usage: () => ({ cpuPercent: null, memoryBytes: null }),
  isReachable: () => true,
} as const
