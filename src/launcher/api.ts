import { pipeline } from 'node:stream/promises'
import { bodyParser } from '@koa/bodyparser'
import { Router } from '@koa/router'
import Koa, { type Context, type Next } from 'koa'
import { z } from 'zod'
import { asAtelierError, AtelierError } from '../errors.ts'
import type { Log } from '../log.ts'
import {
  controlBody,
  idempotencyKey,
  jobSpec,
  passwordSignIn,
  tagsQuery,
  tailQuery,
} from './api-schemas.ts'
import { toLines } from './ndjson.ts'
import { fromPluginError, PluginError } from './plugin-error.ts'
import type { LauncherJobs } from './launcher-jobs.ts'
import type { SignIn } from './sign-in.ts'

/** The Launcher's HTTP API: one route for each verb of the `Launcher` interface. */
export function launcherApi(parts: {
  readonly jobs: LauncherJobs
  /** Undefined where nobody signs in by password. */
  readonly signIn: Pick<SignIn, 'authenticate'> | undefined
  readonly log: Log
}): Koa {
  const { jobs, signIn, log } = parts
  const router = new Router()
  router.get('/status', (ctx) => {
    ctx.body = jobs.status()
  })
  router.get('/cluster-info', async (ctx) => {
    ctx.body = await jobs.clusterInfo()
  })
  router.post('/authenticate', async (ctx) => {
    if (signIn === undefined) throw new AtelierError('SIGN_IN_UNAVAILABLE')
    ctx.body = await signIn.authenticate(parse(passwordSignIn, ctx.request.body))
  })
  router.get('/usage', async (ctx) => sendLines(ctx, await jobs.usage(), log))
  router.get('/jobs', async (ctx) => {
    const { tag } = parse(tagsQuery, ctx.query)
    ctx.body = await jobs.list([tag].flat())
  })
  router.post('/jobs', async (ctx) => {
    const key = parse(idempotencyKey, ctx.get('Idempotency-Key'))
    ctx.body = await jobs.submit(parse(jobSpec, ctx.request.body), key)
  })
  router.get('/jobs/events', async (ctx) => sendLines(ctx, await jobs.watch(), log))
  router.get('/jobs/:id', async (ctx) => {
    ctx.body = await jobs.get(ctx.params['id'] ?? '')
  })
  router.post('/jobs/:id/control', async (ctx) => {
    const { operation } = parse(controlBody, ctx.request.body)
    await jobs.control(ctx.params['id'] ?? '', operation)
    ctx.status = 204
  })
  router.get('/jobs/:id/network', async (ctx) => {
    ctx.body = await jobs.network(ctx.params['id'] ?? '')
  })
  router.get('/jobs/:id/ports', async (ctx) => {
    ctx.body = await jobs.ports(ctx.params['id'] ?? '')
  })
  router.get('/jobs/:id/tail', async (ctx) => {
    const { bytes } = parse(tailQuery, ctx.query)
    ctx.type = 'text/plain; charset=utf-8'
    ctx.body = await jobs.tail(ctx.params['id'] ?? '', bytes)
  })
  router.get('/jobs/:id/output', async (ctx) =>
    sendLines(ctx, await jobs.output(ctx.params['id'] ?? ''), log),
  )

  const app = new Koa()
  // Every error is logged where it is handled; Koa would print it once more.
  app.silent = true
  app.use((ctx, next) => answerErrors(ctx, next, log))
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

/** Answers with lines of JSON for as long as there are values; the connection breaks off if they end in an error. */
function sendLines(ctx: Context, values: AsyncIterable<unknown>, log: Log): void {
  ctx.respond = false
  ctx.res.writeHead(200, { 'Content-Type': 'application/x-ndjson' })
  ctx.res.flushHeaders()
  pipeline(values, toLines, ctx.res).catch((error: unknown) => {
    log.debug({ err: error, path: ctx.path }, 'A stream of the Launcher broke off')
  })
}

function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new AtelierError('BAD_REQUEST', z.prettifyError(result.error))
}
