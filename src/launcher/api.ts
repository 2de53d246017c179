import { bodyParser } from '@koa/bodyparser'
import { Router } from '@koa/router'
import Koa, { type Context, type Next } from 'koa'
import { asAtelierError, AtelierError } from '../errors.ts'
import type { Log } from '../log.ts'
import { clusterRoutes } from './cluster-routes.ts'
import { jobRoutes } from './job-routes.ts'
import { jobStreamRoutes } from './job-stream-routes.ts'
import { fromPluginError, PluginError } from './plugin-error.ts'
import type { RouteParts } from './route-parts.ts'
import { signInRoutes, type SignInRouteParts } from './sign-in-routes.ts'

/** The Launcher's HTTP API. What is about jobs says in a header for whom it is asked. */
export function launcherApi({
  signIn,
  ...more
}: Omit<RouteParts, 'router'> & SignInRouteParts): Koa {
  const router = new Router()
  const parts = { router, ...more }
  signInRoutes(router, { signIn })
  clusterRoutes(parts)
  jobStreamRoutes(parts)
  jobRoutes(parts)

  const app = new Koa()
  // Every error is logged where it is handled; Koa would print it once more.
  app.silent = true
  app.use((ctx, next) => answerErrors(ctx, next, more.log))
  app.use(bodyParser({ enableTypes: ['json'], jsonLimit: '4mb', onError: refuseBody }))
  app.use(router.routes())
  app.use(() => {
    throw new AtelierError('NOT_FOUND')
  })
  return app
}

/** The parser's own errors hold some of the body, which may be somebody's password. */
function refuseBody(error: Error): never {
  const isTooLarge = 'status' in error && error.status === 413
  throw new AtelierError(isTooLarge ? 'REQUEST_TOO_LARGE' : 'BAD_REQUEST')
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
