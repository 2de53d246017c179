import { z } from 'zod'
import { SAMPLE_FIGURES, type ClusterSample } from '../history/cluster-sample.ts'
import { WORK_KINDS } from '../history/history-entry.ts'
import type { LivingTotals, LivingWork } from '../history/living-work.ts'
import type { DeepReadonly } from './deep-readonly.ts'
import { nodeAnswer } from './node-json.ts'

const time = z.iso.datetime()

const totals = {
  sessions: z.int().describe('That have not ended.'),
  jobs: z.int().describe('That were handed over and have not ended.'),
  waiting: z.int().describe('Jobs that wait.'),
  cpuPercent: z.number().describe('Percent of one processor, of all of them together.'),
  memoryBytes: z.number(),
}

/** What goes on in the cluster now. */
export const dashboardAnswer = z
  .object({
    at: time,
    totals: z.object({ users: z.int().describe('With anything that has not ended.'), ...totals }),
    users: z
      .array(z.object({ user: z.string(), ...totals }))
      .describe('Those who use most processors first, 500 at most.'),
    nodes: z.array(nodeAnswer),
  })
  .meta({ id: 'Dashboard', description: 'What goes on in the cluster now.' })

/** A session or job that has not ended, of any user. */
export const livingAnswer = z
  .object({
    kind: z.enum(WORK_KINDS),
    id: z.string(),
    user: z.string(),
    name: z.string().nullable(),
    what: z.string().describe('The IDE of a session, the kind of a job.'),
    state: z.string(),
    node: z.string(),
    createdAt: time,
    startedAt: time.nullable().describe('When it could first be used, or ran.'),
    cpuPercent: z.number().nullable().describe('Percent of one processor; null if not known.'),
    memoryBytes: z.number().nullable().describe('Null if not known.'),
  })
  .meta({ id: 'LivingWork', description: 'A session or job that has not ended, of any user.' })

const figures = Object.fromEntries(SAMPLE_FIGURES.map((figure) => [figure, z.number()]))

/** What went on in the cluster, for charts. */
export const seriesAnswer = z
  .object({
    from: time,
    to: time,
    step: z.int().describe('Seconds of each span.'),
    items: z
      .array(z.looseObject({ at: time.describe('When the span began.'), ...figures }))
      .describe('Means of each span, oldest first; one without any sample is left out.'),
  })
  .meta({ id: 'DashboardSeries', description: 'What went on in the cluster, for charts.' })

/** What goes on now, as the API answers it. */
export type DashboardJson = DeepReadonly<z.input<typeof dashboardAnswer>>

/** A living session or job, as the API answers it. */
export type LivingJson = DeepReadonly<z.input<typeof livingAnswer>>

/** A span of a series, as the API answers it. */
export type SampleJson = Omit<ClusterSample, 'at'> & { readonly at: string }

/** A series, as the API answers it. */
export type SeriesJson = Omit<DeepReadonly<z.input<typeof seriesAnswer>>, 'items'> & {
  readonly items: readonly SampleJson[]
}

/** The answer of a living session or job; see `livingAnswer`. */
export function livingJson({ createdAt, startedAt, ...told }: LivingWork): LivingJson {
  return {
    ...told,
    createdAt: createdAt.toISOString(),
    startedAt: startedAt?.toISOString() ?? null,
  }
}

/** As the totals are answered. */
export function totalsJson<T extends LivingTotals>(found: T): T {
  return { ...found, cpuPercent: Math.round(found.cpuPercent * 10) / 10 }
}
