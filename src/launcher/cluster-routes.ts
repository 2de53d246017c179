import { clusterQuery, nodesBody } from './api-schemas.ts'
import { parse, userOf, type RouteParts } from './route-parts.ts'

/** How the Launcher and its clusters are, what they can do, and what they are told. */
export function clusterRoutes({ router, jobs }: RouteParts): void {
  router.get('/status', (ctx) => {
    ctx.body = jobs.status()
  })
  router.get('/metrics', (ctx) => {
    ctx.body = jobs.metrics()
  })
  router.get('/cluster-info', async (ctx) => {
    const { cluster } = parse(clusterQuery, ctx.query)
    ctx.body = await jobs.clusterInfo(userOf(ctx), cluster)
  })
  router.get('/nodes', (ctx) => {
    ctx.body = { nodes: jobs.nodes }
  })
  router.put('/nodes', (ctx) => {
    jobs.setNodes(parse(nodesBody, ctx.request.body).nodes)
    ctx.status = 204
  })
  router.post('/config/reload', async (ctx) => {
    ctx.body = { clusters: await jobs.reload() }
  })
}
