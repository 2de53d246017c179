import { clusterQuery, outputQuery } from './api-schemas.ts'
import { parse, sendLines, userOf, type RouteParts } from './route-parts.ts'

/** What is told of jobs as it happens, as lines of JSON. Before `/jobs/:id`, as `events` is no job. */
export function jobStreamRoutes({ router, jobs, log }: RouteParts): void {
  router.get('/jobs/events', async (ctx) => {
    const { cluster } = parse(clusterQuery, ctx.query)
    sendLines(ctx, await jobs.watch(userOf(ctx), cluster), log)
  })
  router.get('/usage', async (ctx) => {
    const { cluster } = parse(clusterQuery, ctx.query)
    sendLines(ctx, await jobs.usage(userOf(ctx), cluster), log)
  })
  router.get('/jobs/:id/events', async (ctx) => {
    const { verbs, id } = jobs.at(ctx.params['id'] ?? '')
    sendLines(ctx, await verbs.follow(userOf(ctx), id), log)
  })
  router.get('/jobs/:id/usage', async (ctx) => {
    const { verbs, id } = jobs.at(ctx.params['id'] ?? '')
    sendLines(ctx, await verbs.usageOf(userOf(ctx), id), log)
  })
  router.get('/jobs/:id/output', async (ctx) => {
    const { verbs, id } = jobs.at(ctx.params['id'] ?? '')
    const { type } = parse(outputQuery, ctx.query)
    sendLines(ctx, await verbs.output(userOf(ctx), id, type), log)
  })
}
