import { z } from 'zod'
import type { Jobs, SubmittedJob } from '../jobs/jobs.ts'
import { JOB_STATES, type WorkbenchJob } from '../jobs/workbench-job.ts'
import type { Api } from './api.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { fingerprintOf, idempotencyKey } from './idempotency.ts'
import { jobBody, stopBody } from './job-bodies.ts'
import { jobAnswer, jobJson, type JobExtras } from './job-json.ts'
import { jobFor, jobsOf } from './others-jobs.ts'
import { queryInteger, queryList } from './query-fields.ts'

/** What the job routes need. */
export interface JobParts {
  readonly workbenchJobs: Jobs
  readonly jobExtras: JobExtras
}

const SORT = '-createdAt'
const params = { id: z.string() }
const word = z.string().min(1).max(256)
const day = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2026-11-23T18:00:00Z' })
  .transform((text) => new Date(text))

const listJobs = {
  id: 'listJobs',
  method: 'get',
  path: '/jobs',
  summary: 'Your jobs, a page at a time, the latest first',
  description: 'Administrators with the scope "admin" may list those of others.',
  query: {
    state: queryList(JOB_STATES).optional().describe('Only those in one of these states.'),
    user: word
      .optional()
      .describe("For administrators: somebody else's jobs, or `*` for those of all."),
    cluster: word.optional().describe('Only those of this Launcher cluster.'),
    node: word.optional().describe('Only those of this node.'),
    schedule: word.optional().describe('Only those that this schedule has started.'),
    q: z.string().max(200).optional().describe('Only those with this text in name, file or id.'),
    from: day.optional().describe('Only those submitted at this time or later.'),
    to: day.optional().describe('Only those submitted before.'),
    limit: queryInteger(1, 200, 50).describe('How many at most.'),
    cursor: z.string().max(500).optional().describe('The `next` of the page before.'),
  },
  errors: ['ADMINISTRATORS_ONLY'],
  answers: {
    200: {
      description: 'A page. `next` is the cursor of the next one, and null on the last.',
      body: z.object({ items: z.array(jobAnswer), next: z.string().nullable() }),
    },
  },
} as const

const submitted = {
  201: {
    description: 'The job, which is Pending.',
    headers: {
      Location: 'Where the job is read.',
      'Idempotency-Replayed': '`true` if an earlier request with the same key submitted it.',
    },
    body: jobAnswer,
  },
} as const

const refusals = [
  'COMMAND_UNKNOWN',
  'PROFILE_UNKNOWN',
  'CLUSTER_UNKNOWN',
  'LIMIT_REACHED',
  'IDEMPOTENCY_KEY_REUSED',
  'NO_NODE',
] as const

const submitJob = {
  id: 'submitJob',
  method: 'post',
  path: '/jobs',
  summary: 'Submit a job',
  headers: { 'idempotency-key': idempotencyKey.optional() },
  body: jobBody,
  errors: refusals,
  answers: submitted,
} as const

const getJob = {
  id: 'getJob',
  method: 'get',
  path: '/jobs/{id}',
  summary: 'One job',
  params,
  errors: ['JOB_NOT_FOUND'],
  answers: { 200: { description: 'The job.', body: jobAnswer } },
} as const

const stopJob = {
  id: 'stopJob',
  method: 'post',
  path: '/jobs/{id}/stop',
  summary: 'Stop a job',
  description: 'Administrators with the scope "admin" may do that with the jobs of others.',
  params,
  body: stopBody.optional(),
  errors: ['JOB_NOT_FOUND', 'VERSION_CONFLICT'],
  answers: {
    202: {
      description: 'The job: Canceled if it was not started, else it ends soon.',
      body: jobAnswer,
    },
  },
} as const

const runJobAgain = {
  id: 'runJobAgain',
  method: 'post',
  path: '/jobs/{id}/run-again',
  summary: 'Submit a new job of the same request',
  params,
  headers: { 'idempotency-key': idempotencyKey.optional() },
  errors: ['JOB_NOT_FOUND', ...refusals],
  answers: submitted,
} as const

/** Submit, list, show, stop jobs and run them again. */
export function jobRoutes(api: Api, { workbenchJobs: jobs, jobExtras: extras }: JobParts): void {
  const told = ({ job, replayed }: SubmittedJob) => ({
    status: 201 as const,
    headers: {
      Location: `/api/v1/jobs/${job.id}`,
      ...(replayed && { 'Idempotency-Replayed': 'true' }),
    },
    body: jobJson(job, extras),
  })

  // The address of a webhook may let whoever knows it in, and is its owner's business.
  const shownTo = (reader: string, job: WorkbenchJob) => ({
    ...jobJson(job, extras),
    webhook: job.user === reader ? job.webhook : null,
  })

  api.add('read', listJobs, async (request) => {
    const { state: states, q: text, from, to, limit, cursor, ...query } = request.query
    const after = cursor === undefined ? undefined : readCursor(cursor, SORT)
    const found = await jobs.listJobs({
      ...query,
      user: jobsOf(request, query.user),
      states,
      text,
      createdFrom: from,
      createdBefore: to,
      after: after && { createdAt: new Date(after.time), id: after.id },
      // One more tells whether there is another page.
      limit: limit + 1,
    })
    const items = found.slice(0, limit)
    const last = found.length > limit ? items.at(-1) : undefined
    return {
      status: 200,
      body: {
        items: items.map((job) => shownTo(request.user, job)),
        next: last === undefined ? null : cursorAfter(last),
      },
    }
  })

  api.add('jobs', submitJob, async ({ user, session, body, headers, ctx }) => {
    const once = onceOf(headers['idempotency-key'], ctx.request.body)
    return told(await jobs.submitJob(user, body, once, { session }))
  })

  api.add('read', getJob, async (request) => {
    const job = await jobFor(jobs, request, request.params.id)
    return { status: 200, body: shownTo(request.user, job) }
  })

  api.add('jobs', stopJob, async (request) => {
    const { id, user: owner } = await jobFor(jobs, request, request.params.id)
    const by = owner === request.user ? 'owner' : 'administrator'
    const stopped = await jobs.stopJob(owner, id, { force: request.body?.force ?? false, by })
    return { status: 202, body: shownTo(request.user, stopped) }
  })

  api.add('jobs', runJobAgain, async ({ user, session, params, headers }) => {
    const once = onceOf(headers['idempotency-key'], { runAgain: params.id })
    return told(await jobs.runAgain(user, params.id, once, { session }))
  })
}

function onceOf(key: string | undefined, body: unknown) {
  return key === undefined ? undefined : { key, fingerprint: fingerprintOf(body) }
}

function cursorAfter({ createdAt, id }: WorkbenchJob): string {
  return writeCursor({ sort: SORT, time: createdAt.getTime(), id })
}
