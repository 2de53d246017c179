import { z } from 'zod'
import { AtelierError } from '../errors.ts'
import { JOB_OPERATIONS, JOB_STATUSES } from '../launcher/job.ts'
import type { LauncherClusters } from '../launcher/launcher.ts'
import type { Api } from './api.ts'
import {
  jobAnswer,
  jobJson,
  jobsAnswer,
  launcherAnswer,
  launcherClusterAnswer,
} from './launcher-json.ts'
import { queryList } from './query-fields.ts'

/** What the routes of the Launcher need. */
export interface LauncherParts {
  /** The Launcher of this node, asked for everybody. */
  readonly launcher: LauncherClusters
}

const words = z.preprocess(
  (text) => (typeof text === 'string' ? text.split(',') : text),
  z.array(z.string().min(1)).max(100),
)

const getLauncher = {
  id: 'getLauncher',
  method: 'get',
  path: '/launcher',
  summary: 'How the Launcher of this node and its clusters are',
  errors: ['LAUNCHER_UNAVAILABLE'],
  administrators: true,
  answers: { 200: { description: 'As it is now.', body: launcherAnswer } },
} as const

const getLauncherCluster = {
  id: 'getLauncherCluster',
  method: 'get',
  path: '/launcher/clusters/{name}',
  summary: 'What a Launcher cluster can do',
  params: { name: z.string() },
  errors: ['NOT_FOUND', 'LAUNCHER_UNAVAILABLE'],
  administrators: true,
  answers: { 200: { description: 'As its plugin tells it.', body: launcherClusterAnswer } },
} as const

const listJobs = {
  id: 'listLauncherJobs',
  method: 'get',
  path: '/launcher/jobs',
  summary: 'Jobs of all users, sessions among them',
  query: {
    cluster: z.string().default('*').describe('A Launcher cluster; * is each.'),
    user: z.string().min(1).optional(),
    tag: words.optional().describe('All of these.'),
    status: queryList(JOB_STATUSES).optional().describe('One of these.'),
    from: z.iso.datetime({ offset: true }).optional().describe('Submitted no earlier.'),
    to: z.iso.datetime({ offset: true }).optional().describe('Submitted no later.'),
  },
  errors: ['NOT_FOUND', 'LAUNCHER_UNAVAILABLE'],
  administrators: true,
  answers: { 200: { description: 'Those that there are.', body: jobsAnswer } },
} as const

const getJob = {
  id: 'getLauncherJob',
  method: 'get',
  path: '/launcher/jobs/{id}',
  summary: 'A job',
  params: { id: z.string() },
  errors: ['NOT_FOUND', 'LAUNCHER_UNAVAILABLE'],
  administrators: true,
  answers: { 200: { description: 'As it is now.', body: jobAnswer } },
} as const

const controlJob = {
  id: 'controlLauncherJob',
  method: 'post',
  path: '/launcher/jobs/{id}/control',
  summary: 'Suspend, resume, stop, kill or cancel a job',
  description: 'To stop is SIGTERM, to kill SIGKILL; a job is cancelled while it is Pending.',
  params: { id: z.string() },
  body: z.object({ operation: z.enum(JOB_OPERATIONS) }),
  errors: ['NOT_FOUND', 'JOB_STATE', 'LAUNCHER_UNAVAILABLE'],
  administrators: true,
  answers: { 204: { description: 'It is done, or under way.' } },
} as const

/** Look at the Launcher of this node and its jobs, and control these; for administrators. */
export function launcherRoutes(api: Api, { launcher }: LauncherParts): void {
  api.add('admin', getLauncher, async () => ({ status: 200, body: await launcher.status() }))

  api.add('admin', getLauncherCluster, async ({ params }) => ({
    status: 200,
    body: await launcher.clusterInfo(params.name),
  }))

  api.add('admin', listJobs, async ({ query }) => {
    const { cluster, user, tag, status, from, to } = query
    const range = { startTime: from, endTime: to }
    const asked = { cluster, user, tags: tag, statuses: status, ...range }
    const { jobs, unavailable } = await launcher.find(asked)
    return { status: 200, body: { items: jobs.map(jobJson), unavailable } }
  })

  api.add('admin', getJob, async ({ params }) => {
    const job = await launcher.get(params.id)
    if (job === undefined) throw new AtelierError('NOT_FOUND', 'There is no such job.')
    return { status: 200, body: jobJson(job) }
  })

  api.add('admin', controlJob, async ({ params, body }) => {
    await launcher.control(params.id, body.operation)
    return { status: 204 }
  })
}
