import { z } from 'zod'
import { MISSED_RULES, OVERLAP_RULES, type Schedule } from '../schedules/schedule.ts'
import type { DeepReadonly } from './deep-readonly.ts'
import { jobAnswer } from './job-json.ts'

const time = z.iso.datetime()

/** A schedule as the API answers it. */
export const scheduleAnswer = z
  .object({
    id: z.string(),
    user: z.string().describe('Whose it is.'),
    name: z.string().describe('What its owner calls it.'),
    cron: z.string(),
    timeZone: z.string(),
    missed: z.enum(MISSED_RULES),
    overlap: z.enum(OVERLAP_RULES),
    enabled: z.boolean().describe('False for one that is paused.'),
    request: jobAnswer
      .pick({
        name: true,
        kind: true,
        script: true,
        command: true,
        args: true,
        environmentNames: true,
        workingDirectory: true,
        python: true,
        r: true,
        cluster: true,
        profile: true,
        webhook: true,
      })
      .describe('What is run each time.'),
    nextAt: time.nullable().describe('When it runs next; null if it is paused, or never does.'),
    lastAt: time.nullable().describe('For when it has last started a job by itself.'),
    lastJob: z.string().nullable().describe('The id of the latest job.'),
    lastProblem: z
      .string()
      .nullable()
      .describe('Why the latest run was not made, as a sentence; null once one was.'),
    lastProblemAt: time.nullable(),
    createdAt: time,
    version: z.int().describe('Grows with every change of its row.'),
  })
  .meta({ id: 'Schedule', description: 'When jobs are started by themselves.' })

/** The same as a type. */
export type ScheduleJson = DeepReadonly<z.input<typeof scheduleAnswer>>

/** The schedule's answer for somebody; see `scheduleAnswer`. The address of its webhook is told to its owner only. */
export function scheduleJson(schedule: Schedule, reader: string): ScheduleJson {
  const { attempts: _, request, nextAt, lastAt, lastProblemAt, createdAt, ...plain } = schedule
  const { environment, webhook, ...told } = request
  return {
    ...plain,
    request: {
      ...told,
      environmentNames: Object.keys(environment),
      webhook: schedule.user === reader ? webhook : null,
    },
    nextAt: iso(nextAt),
    lastAt: iso(lastAt),
    lastProblemAt: iso(lastProblemAt),
    createdAt: createdAt.toISOString(),
  }
}

function iso(time: Date | null): string | null {
  return time?.toISOString() ?? null
}
