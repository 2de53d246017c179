import { z } from 'zod'
import type { JobWish } from '../jobs/job-request.ts'
import { MISSED_RULES, OVERLAP_RULES } from '../schedules/schedule.ts'
import { jobBody } from './job-bodies.ts'

const cron = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .describe(
    'Minute, hour, day of the month, month, weekday; with a sixth field before them, of seconds. `30 6 * * MON-FRI`',
  )
const timeZone = z.string().min(1).max(100).describe('An IANA time zone, such as Europe/Berlin.')
const missed = z
  .enum(MISSED_RULES)
  .describe(
    'What becomes of runs that could not be started within a minute, as when all servers were down: none is made up for, or one for all of them.',
  )
const overlap = z
  .enum(OVERLAP_RULES)
  .describe('What becomes of a run while the one before goes on: it is left out, or both run.')
const enabled = z.boolean().describe('False for one that is paused.')
const name = z
  .string()
  .trim()
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not hold control characters')
  .describe('What you call it; by itself the name of what it runs.')

/** What a schedule is made from. */
export const createScheduleBody = z
  .strictObject({
    name: name.default(''),
    cron,
    timeZone: timeZone.default('UTC'),
    missed: missed.default('skip'),
    overlap: overlap.default('skip'),
    enabled: enabled.default(true),
    request: jobBody,
  })
  .meta({ id: 'CreateSchedule', description: 'What a schedule is made from.' })

/** What changes in a schedule. */
export const changeScheduleBody = z
  .strictObject({
    name: name.min(1),
    cron,
    timeZone,
    missed,
    overlap,
    enabled,
    request: jobChanges(),
  })
  .partial()
  .meta({
    id: 'ChangeSchedule',
    description:
      'What changes in a schedule; what is left out stays, also within `request`, where `environment` is one whole.',
  })

/** The fields of a job without what they are by themselves, which would take the place of what is there. */
function jobChanges(): z.ZodType<JobWish, JobWish> {
  const fields = Object.entries(jobBody.shape).map(([key, schema]) => {
    const plain: z.ZodType =
      schema instanceof z.ZodDefault ? (schema.unwrap() as z.ZodType) : schema
    return [key, plain.optional()] as const
  })
  return z.strictObject(Object.fromEntries(fields)) as z.ZodType<JobWish, JobWish>
}
