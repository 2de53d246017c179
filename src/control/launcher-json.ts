import { z } from 'zod'
import { JOB_STATUSES, type Job } from '../launcher/job.ts'
import type { DeepReadonly } from './deep-readonly.ts'

/** A job as the API answers it: what it is and how it is, not what it was submitted with. */
export const jobAnswer = z
  .object({
    id: z.string().describe('Names the Launcher cluster too, unless that is the default one.'),
    cluster: z.string(),
    name: z.string(),
    user: z.string(),
    status: z
      .enum(JOB_STATUSES)
      .describe('Failed: it could not be started. Finished: it ended by itself, however.'),
    statusMessage: z.string().describe('Why it is so, if there is something to say.'),
    exitCode: z.number().nullable(),
    pid: z.number().nullable(),
    host: z.string(),
    queues: z.array(z.string()),
    tags: z.array(z.string()),
    submissionTime: z.string().describe('As its plugin tells it; empty if it does not.'),
    lastUpdateTime: z.string(),
  })
  .meta({ id: 'LauncherJob', description: 'A job of the Launcher of the node that answers.' })

/** Jobs, and which Launcher clusters could not be asked. */
export const jobsAnswer = z.object({
  items: z.array(jobAnswer),
  unavailable: z.array(z.string()).describe('Launcher clusters whose jobs are not among these.'),
})

/** How the Launcher and its clusters are. */
export const launcherAnswer = z
  .object({
    status: z
      .enum(['Green', 'Yellow', 'Red'])
      .describe('Green: all is well. Yellow: not every Launcher cluster is available. Red: none.'),
    uptimeSeconds: z.number(),
    clusters: z.array(
      z.object({
        name: z.string(),
        isDefault: z.boolean().describe('True for the one that sessions run in.'),
        state: z.enum(['Available', 'Restarting', 'Unavailable']),
        problem: z.string().nullable().describe('Why it is not available.'),
        version: z.string().nullable().describe('Of the plugin API that its plugin speaks.'),
        restarts: z.number(),
      }),
    ),
  })
  .meta({ id: 'Launcher', description: 'The Launcher of the node that answers.' })

const limit = z.object({
  type: z.string(),
  value: z.string(),
  defaultValue: z.string(),
  maxValue: z.string(),
})
const named = z.array(z.looseObject({ name: z.string() }))

/** What a Launcher cluster can do. */
export const launcherClusterAnswer = z
  .looseObject({
    supportsContainers: z.boolean(),
    queues: z.array(z.string()),
    defaultQueue: z.string(),
    images: z.array(z.string()),
    defaultImage: z.string(),
    allowUnknownImages: z.boolean(),
    resourceLimits: z.array(limit),
    placementConstraints: named,
    config: named,
    resourceProfiles: named,
  })
  .meta({
    id: 'LauncherCluster',
    description: 'What a Launcher cluster can do, as its plugin says.',
  })

/** The job for an answer. */
export function jobJson(job: Job): DeepReadonly<z.input<typeof jobAnswer>> {
  const { id, cluster, name, user, status, statusMessage, exitCode, pid, host, tags } = job
  const { queues = [], submissionTime, lastUpdateTime } = job
  const times = { submissionTime, lastUpdateTime }
  return {
    id,
    cluster,
    name,
    user,
    status,
    statusMessage,
    exitCode,
    pid,
    host,
    queues,
    tags,
    ...times,
  }
}
