import { z } from 'zod'
import {
  END_STATES,
  WORK_KINDS,
  type HistoryEntry,
  type KindUse,
  type UserUse,
} from '../history/history-entry.ts'
import { JOB_KINDS } from '../jobs/workbench-job.ts'
import { IDE_NAMES } from '../sessions/session.ts'
import type { DeepReadonly } from './deep-readonly.ts'

const time = z.iso.datetime()

/** A session or a job that has ended, as the API answers it. */
export const historyAnswer = z
  .object({
    kind: z.enum(WORK_KINDS),
    id: z.string().describe('Of the session or the job.'),
    run: z
      .string()
      .describe('Unique: a session that was started again elsewhere has a run for each start.'),
    user: z.string(),
    name: z.string().nullable(),
    ide: z.enum(IDE_NAMES).nullable().describe('Of a session.'),
    jobKind: z.enum(JOB_KINDS).nullable().describe('Of a job.'),
    node: z.string().describe('Where it ran.'),
    profile: z.string().nullable(),
    createdAt: time,
    startedAt: time
      .nullable()
      .describe('When it could first be used, or ran; null if it never came to that.'),
    endedAt: time,
    seconds: z.number().describe('How long it ran, from startedAt on.'),
    state: z
      .enum(END_STATES)
      .describe('Lost: its server is out of reach; should it come back, this run goes on.'),
    reason: z.string().nullable(),
    exitCode: z.int().nullable().describe('Of a job.'),
    cpuSeconds: z.number().nullable().describe('Null if it was not measured.'),
    peakMemoryBytes: z.number().nullable().describe('Null if it was not measured.'),
  })
  .meta({ id: 'HistoryEntry', description: 'A session or a job that has ended.' })

const kindUse = z.object({
  count: z.int().describe('How many there were, also in part.'),
  seconds: z.number().describe('For how long, added up.'),
  cpuSeconds: z.number().describe('As far as it was measured.'),
})

/** How much somebody used in a span of time. */
export const useAnswer = z
  .object({
    from: time,
    to: time,
    sessions: kindUse,
    jobs: kindUse,
  })
  .meta({ id: 'Use', description: 'How much somebody used in a span of time.' })

/** An ended run as the API answers it. */
export type HistoryJson = DeepReadonly<z.input<typeof historyAnswer>>

/** What somebody used as the API answers it. */
export type UseJson = DeepReadonly<z.input<typeof useAnswer>>

/** The run's answer; see `historyAnswer`. */
export function historyJson(entry: HistoryEntry): HistoryJson {
  const { createdAt, startedAt, endedAt, ...told } = entry
  return {
    ...told,
    createdAt: createdAt.toISOString(),
    startedAt: startedAt?.toISOString() ?? null,
    endedAt: endedAt.toISOString(),
    seconds: startedAt === null ? 0 : Math.max(0, (endedAt.getTime() - startedAt.getTime()) / 1000),
  }
}

/** The answer of somebody's use; see `useAnswer`. */
export function useJson({ session, job }: UserUse, from: Date, to: Date): UseJson {
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    sessions: roundedUse(session),
    jobs: roundedUse(job),
  }
}

function roundedUse({ count, seconds, cpuSeconds }: KindUse): KindUse {
  return { count, seconds: Math.round(seconds), cpuSeconds: Math.round(cpuSeconds) }
}
