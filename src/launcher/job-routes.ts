import {
  controlBody,
  idempotencyKey,
  jobSpec,
  jobsQuery,
  tailQuery,
  UNAVAILABLE_HEADER,
} from './api-schemas.ts'
import { withFields } from './job-fields.ts'
import { parse, userOf, type RouteParts } from './route-parts.ts'

/** Submit, list, look at and control jobs. */
export function jobRoutes({ router, jobs }: RouteParts): void {
  router.get('/jobs', async (ctx) => {
    const query = parse(jobsQuery, ctx.query)
    const found = await jobs.list(userOf(ctx), query)
    if (found.unavailable.length > 0) ctx.set(UNAVAILABLE_HEADER, found.unavailable.join(','))
    ctx.body = found.jobs.map((job) => withFields(job, query.fields))
  })
  router.post('/jobs', async (ctx) => {
    const key = parse(idempotencyKey, ctx.get('Idempotency-Key'))
    ctx.body = await jobs.submit(userOf(ctx), parse(jobSpec, ctx.request.body), key)
  })
  router.get('/jobs/:id', async (ctx) => {
    const at = jobs.at(ctx.params['id'] ?? '')
    ctx.body = await at.jobs.get(userOf(ctx), at.id)
  })
  router.post('/jobs/:id/control', async (ctx) => {
    const { verbs, id } = jobs.at(ctx.params['id'] ?? '')
    const { operation } = parse(controlBody, ctx.request.body)
    await verbs.control(userOf(ctx), id, operation)
    ctx.status = 204
  })
  router.get('/jobs/:id/network', async (ctx) => {
    const { verbs, id } = jobs.at(ctx.params['id'] ?? '')
    ctx.body = await verbs.network(userOf(ctx), id)
  })
  router.get('/jobs/:id/ports', async (ctx) => {
    const { verbs, id } = jobs.at(ctx.params['id'] ?? '')
    ctx.body = await verbs.ports(userOf(ctx), id)
  })
  router.get('/jobs/:id/tail', async (ctx) => {
    const { verbs, id } = jobs.at(ctx.params['id'] ?? '')
    const { bytes } = parse(tailQuery, ctx.query)
    ctx.type = 'text/plain; charset=utf-8'
    ctx.body = await verbs.tail(userOf(ctx), id, bytes)
  })
}
