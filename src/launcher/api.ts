import { bodyParser } from '@koa/bodyparser'
import { Router } from '@koa/router'
import Koa, { type Context, type Next } from 'koa'
import { asAtelierError, AtelierError } from '../errors.ts'
import type { Log } from '../log.ts'
import { clusterRoutes } from './cluster-routes.ts'
import { jobRoutes } from './job-routes.ts'
import { jobStreamRoutes } from './job-stream-routes.ts'
import { fromPluginError, PluginError } from './plugin-error.ts'
import type { LauncherJobs } from './launcher-jobs.ts'

/** The Launcher's HTTP API. What is about jobs says in a header for whom it is asked. */
export function launcherApi({ jobs, log }: { jobs: LauncherJobs; log: Log }): Koa {
  const router = new Router()
  const parts = { router, jobs, log }
  clusterRoutes(parts)
  jobStreamRoutes(parts)
  jobRoutes(parts)

  const app = new Koa()
  // Every error is logged where it is handled; Koa would print it once more.
  app.silent = true
  app.use((ctx, next) => answerErrors(ctx, next, log))
  app.use(bodyParser({ enableTypes: ['json'], jsonLimit: '4mb', onError: unreadable }))
  app.use(router.routes())
  app.use(() => {
    throw new AtelierError('NOT_FOUND')
  })
  return app
}

async function answerErrors(ctx: Context, next: Next, log: Log): Promise<void> {
  try {
    await next()
  } catch (thrown) {
    const error = asAtelierError(thrown instanceof PluginError ? fromPluginError(thrown) : thrown)
    if (error.code === 'INTERNAL') {
      log.error({ err: error.cause ?? error, path: ctx.path }, 'A request to the Launcher failed')
    }
    ctx.status = error.status
    ctx.body = error.toJSON()
  }
}

function unreadable(): never {
  throw new AtelierError('BAD_REQUEST', 'The body is not JSON, or too large.')
}
