import type pg from 'pg'
import type { ApiUser } from '../../test/fixtures/api.ts'
import { median, percentile } from '../report/statistics.ts'

/** How long a route takes, in ms, and how many times as long as a plain select of the same round. */
export interface RouteTimes {
  readonly route: string
  readonly p50: number
  readonly p99: number
  readonly times: number
}

const DAY_MS = 86_400_000
const PLAIN = 'select * from atelier.jobs order by id limit 50'

/** Asks each route so often, in turns with the plain select, and checks that it answers. */
export async function measureRoutes(
  user: ApiUser,
  client: pg.Client,
  count: number,
): Promise<readonly RouteTimes[]> {
  const routes = await routesOf(user)
  const times = new Map<string, number[]>(routes.map((route) => [route, []]))
  const ratios = new Map<string, number[]>(routes.map((route) => [route, []]))
  for (let round = -3; round < count; round++) {
    for (const route of routes) {
      const plain = await timed(() => client.query(PLAIN))
      const took = await timed(() => asked(user, route))
      // The first ones compile.
      if (round < 0) continue
      times.get(route)?.push(took)
      ratios.get(route)?.push(took / plain)
    }
  }
  return routes.map((route) => {
    const values = times.get(route) ?? []
    return {
      route: route.replace(/(cursor=.{6}).*/, '$1…').replaceAll(/\.\d{3}Z/g, 'Z'),
      p50: percentile(values, 50),
      p99: percentile(values, 99),
      times: median(ratios.get(route) ?? []),
    }
  })
}

async function routesOf(user: ApiUser): Promise<readonly string[]> {
  const all = '/history?user=*'
  const { next } = await asked(user, all)
  const at = (daysAgo: number): string => new Date(Date.now() - daysAgo * DAY_MS).toISOString()
  return [
    all,
    `${all}&cursor=${next ?? ''}`,
    `${all}&kind=job`,
    `${all}&kind=session`,
    `${all}&state=Failed`,
    // Nothing is found, so everything is looked at.
    `${all}&state=Canceled`,
    `${all}&ide=rstudio`,
    `${all}&from=${at(200)}&to=${at(190)}`,
    '/history?user=user-7',
    '/history?user=user-7&kind=job&state=Failed',
    '/history/use?user=user-7',
    '/jobs?user=*&state=Finished,Failed',
    '/jobs?user=user-7',
    '/jobs?user=*&q=script-77',
  ]
}

async function asked(user: ApiUser, route: string): Promise<{ readonly next?: string | null }> {
  const { status, body } = await user.ask<{ next?: string | null }>('GET', `/api/v1${route}`)
  if (status !== 200) throw new Error(`${route}: ${status} ${JSON.stringify(body)}`)
  return body
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await act()
  return performance.now() - start
}
