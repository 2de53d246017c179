import { z } from 'zod'
import type { Schedules } from '../schedules/schedules.ts'
import type { Api } from './api.ts'
import { fingerprintOf, idempotencyKey } from './idempotency.ts'
import { jobAnswer, jobJson, type JobExtras } from './job-json.ts'
import { jobsOf } from './others-jobs.ts'
import { changeScheduleBody, createScheduleBody } from './schedule-bodies.ts'
import { scheduleAnswer, scheduleJson } from './schedule-json.ts'
import type { SignedIn } from './signed-in.ts'

/** What the schedule routes need. */
export interface ScheduleParts {
  readonly schedules: Schedules
  readonly jobExtras: JobExtras
}

const params = { id: z.string() }
const refusals = ['COMMAND_UNKNOWN', 'PROFILE_UNKNOWN', 'CLUSTER_UNKNOWN', 'LIMIT_REACHED'] as const

const listSchedules = {
  id: 'listSchedules',
  method: 'get',
  path: '/schedules',
  summary: 'Your schedules, oldest first',
  description: 'Administrators with the scope "admin" may list those of others.',
  query: {
    user: z
      .string()
      .min(1)
      .max(256)
      .optional()
      .describe("For administrators: somebody else's schedules, or `*` for those of all."),
  },
  errors: ['ADMINISTRATORS_ONLY'],
  answers: {
    200: {
      description: 'All of them.',
      body: z.object({
        items: z.array(scheduleAnswer),
        most: z.int().nullable().describe('How many you may have; null for any number.'),
        shortestIntervalSeconds: z.int().describe('How far apart runs must be.'),
      }),
    },
  },
} as const

const createSchedule = {
  id: 'createSchedule',
  method: 'post',
  path: '/schedules',
  summary: 'Make a schedule',
  body: createScheduleBody,
  errors: refusals,
  answers: {
    201: {
      description: 'The schedule, which has started nothing yet.',
      headers: { Location: 'Where the schedule is read.' },
      body: scheduleAnswer,
    },
  },
} as const

const getSchedule = {
  id: 'getSchedule',
  method: 'get',
  path: '/schedules/{id}',
  summary: 'One schedule',
  params,
  errors: ['SCHEDULE_NOT_FOUND'],
  answers: { 200: { description: 'The schedule.', body: scheduleAnswer } },
} as const

const changeSchedule = {
  id: 'changeSchedule',
  method: 'patch',
  path: '/schedules/{id}',
  summary: 'Change a schedule, pause it or let it go on',
  description: 'Administrators with the scope "admin" may pause those of others.',
  params,
  body: changeScheduleBody,
  errors: ['SCHEDULE_NOT_FOUND', 'VERSION_CONFLICT', ...refusals],
  answers: { 200: { description: 'The schedule as it is now.', body: scheduleAnswer } },
} as const

const removeSchedule = {
  id: 'removeSchedule',
  method: 'delete',
  path: '/schedules/{id}',
  summary: 'Remove a schedule; its jobs go on',
  description: 'Administrators with the scope "admin" may do that with those of others.',
  params,
  errors: ['SCHEDULE_NOT_FOUND'],
  answers: { 204: { description: 'It starts nothing any more.' } },
} as const

const runSchedule = {
  id: 'runSchedule',
  method: 'post',
  path: '/schedules/{id}/run',
  summary: 'Submit the job of a schedule now',
  params,
  headers: { 'idempotency-key': idempotencyKey.optional() },
  errors: ['SCHEDULE_NOT_FOUND', 'IDEMPOTENCY_KEY_REUSED', 'NO_NODE', ...refusals],
  answers: {
    201: {
      description: 'The job, which is Pending.',
      headers: { Location: 'Where the job is read.' },
      body: jobAnswer,
    },
  },
} as const

/** Make, list, show, change, run and remove schedules. */
export function scheduleRoutes(api: Api, { schedules, jobExtras }: ScheduleParts): void {
  api.add('read', listSchedules, async (request) => {
    const { user } = request
    const items = await schedules.listSchedules(jobsOf(request, request.query.user))
    const { most, shortest } = await schedules.scheduleLimits(user)
    return {
      status: 200,
      body: {
        items: items.map((schedule) => scheduleJson(schedule, user)),
        most,
        shortestIntervalSeconds: shortest,
      },
    }
  })

  api.add('jobs', createSchedule, async ({ user, body }) => {
    const schedule = await schedules.createSchedule(user, body)
    return {
      status: 201,
      headers: { Location: `/api/v1/schedules/${schedule.id}` },
      body: scheduleJson(schedule, user),
    }
  })

  api.add('read', getSchedule, async (request) => {
    const owner = await ownerOf(schedules, request, request.params.id)
    const schedule = await schedules.getSchedule(owner, request.params.id)
    return { status: 200, body: scheduleJson(schedule, request.user) }
  })

  api.add('jobs', changeSchedule, async (request) => {
    const { user, body } = request
    const isPause = Object.keys(body).every((key) => key === 'enabled') && body.enabled === false
    const owner = isPause ? await ownerOf(schedules, request, request.params.id) : user
    const changed = await schedules.changeSchedule(owner, request.params.id, body)
    return { status: 200, body: scheduleJson(changed, user) }
  })

  api.add('jobs', removeSchedule, async (request) => {
    const owner = await ownerOf(schedules, request, request.params.id)
    await schedules.removeSchedule(owner, request.params.id)
    return { status: 204 }
  })

  api.add('jobs', runSchedule, async ({ user, params, headers }) => {
    const key = headers['idempotency-key']
    const once =
      key === undefined ? undefined : { key, fingerprint: fingerprintOf({ run: params.id }) }
    const { job } = await schedules.runSchedule(user, params.id, once)
    const location = { Location: `/api/v1/jobs/${job.id}` }
    return { status: 201, headers: location, body: jobJson(job, jobExtras) }
  })
}

/** In whose name it is done: for administrators in its owner's, for all others in their own. */
async function ownerOf(
  schedules: Pick<Schedules, 'findSchedule'>,
  { user, role, scopes }: SignedIn,
  id: string,
): Promise<string> {
  if (role !== 'administrator' || !scopes.includes('admin')) return user
  return (await schedules.findSchedule(id)).user
}
