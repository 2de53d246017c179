import type { Middleware } from 'koa'
import { comesFromUs } from '../auth/origin.ts'
import { AtelierError } from '../errors.ts'

/** Lets only our own pages, and programs that are no browser, make requests. Throws FOREIGN_ORIGIN. */
export function ownOrigin(): Middleware {
  return async (ctx, next) => {
    if (!comesFromUs(ctx.req, 'request')) throw new AtelierError('FOREIGN_ORIGIN')
    await next()
  }
}
