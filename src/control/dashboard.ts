import { z } from 'zod'
import { SAMPLE_SECONDS, type SampleStore } from '../history/cluster-sample.ts'
import type { LivingStore } from '../history/living-work.ts'
import type { Nodes } from '../nodes/nodes.ts'
import { AtelierError } from '../errors.ts'
import type { Api } from './api.ts'
import {
  dashboardAnswer,
  livingAnswer,
  livingJson,
  seriesAnswer,
  totalsJson,
  type SampleJson,
} from './dashboard-json.ts'
import { nodeJson } from './node-json.ts'
import { queryInteger } from './query-fields.ts'

/** What the dashboard needs. */
export interface DashboardParts {
  readonly living: Pick<LivingStore, 'list' | 'users' | 'totals'>
  readonly samples: Pick<SampleStore, 'between'>
  readonly nodes: Pick<Nodes, 'listNodes'>
}

const MOST_USERS = 500
const MOST_POINTS = 1500
const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text))

const getDashboard = {
  id: 'getDashboard',
  administrators: true,
  method: 'get',
  path: '/dashboard',
  summary: 'What goes on in the cluster now: users, nodes, totals',
  answers: { 200: { description: 'By what is in the database now.', body: dashboardAnswer } },
} as const

const listWork = {
  id: 'listWork',
  administrators: true,
  method: 'get',
  path: '/dashboard/work',
  summary: 'The sessions and jobs of all users that have not ended, the youngest first',
  query: {
    user: z.string().min(1).max(256).optional().describe('Only those of this user.'),
    limit: queryInteger(1, 1000, 200).describe('How many at most.'),
  },
  answers: {
    200: {
      description: 'The youngest; `more` says that there are more.',
      body: z.object({ items: z.array(livingAnswer), more: z.boolean() }),
    },
  },
} as const

const getSeries = {
  id: 'getDashboardHistory',
  administrators: true,
  method: 'get',
  path: '/dashboard/history',
  summary: 'What went on in the cluster, for charts',
  query: {
    from: moment,
    to: moment,
    step: queryInteger(SAMPLE_SECONDS, 31_536_000, 900).describe('Seconds of each span.'),
  },
  answers: { 200: { description: 'A point for each span with samples.', body: seriesAnswer } },
} as const

/** What goes on in the cluster, and what went on; for administrators. */
export function dashboardRoutes(api: Api, { living, samples, nodes }: DashboardParts): void {
  api.add('admin', getDashboard, async () => {
    const [totals, users, known] = await Promise.all([
      living.totals(),
      living.users(MOST_USERS),
      nodes.listNodes(),
    ])
    return {
      status: 200,
      body: {
        at: new Date().toISOString(),
        totals: totalsJson(totals),
        users: users.map(totalsJson),
        nodes: known.map(nodeJson),
      },
    }
  })

  api.add('admin', listWork, async ({ query: { user, limit } }) => {
    const found = await living.list({ user, limit: limit + 1 })
    const items = found.slice(0, limit).map(livingJson)
    return { status: 200, body: { items, more: found.length > limit } }
  })

  api.add('admin', getSeries, async ({ query: { from, to, step } }) => {
    if (to <= from) throw new AtelierError('BAD_REQUEST', 'to: must be later than from.')
    if (to.getTime() - from.getTime() > MOST_POINTS * step * 1000) {
      const message = `step: too small for this span; there are ${MOST_POINTS} points at most.`
      throw new AtelierError('BAD_REQUEST', message)
    }
    const found = await samples.between(from, to, step)
    const items: readonly SampleJson[] = found.map(({ at, ...figures }) => ({
      at: at.toISOString(),
      ...figures,
    }))
    return {
      status: 200,
      body: { from: from.toISOString(), to: to.toISOString(), step, items: [...items] },
    }
  })
}
