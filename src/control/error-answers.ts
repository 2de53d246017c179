import type { Middleware } from 'koa'
import { asAtelierError, AtelierError } from '../errors.ts'
import type { Log } from '../log.ts'

/** Turns whatever was thrown into `{error: {code, message}}`; what is not of our list is logged and answered as INTERNAL. */
export function errorAnswers(log: Log): Middleware {
  return async (ctx, next) => {
    try {
      await next()
      // Somebody else answers.
      if (ctx.respond === false) return
      if (ctx.status === 404 && ctx.body === undefined) throw new AtelierError('NOT_FOUND')
    } catch (thrown) {
      const error = asAtelierError(fromKoa(thrown))
      if (error.code === 'INTERNAL') {
        log.error({ err: error.cause, method: ctx.method, route: ctx.routerPath }, 'request failed')
      }
      ctx.status = error.status
      ctx.set('Cache-Control', 'no-store')
      if (error.status === 503) ctx.set('Retry-After', '2')
      ctx.body = error.toJSON()
    }
  }
}

/** Throws what reading a body has failed with; what decompression throws carries no status, and is the client's fault too. */
export function unreadableBody(error: Error): never {
  if ('status' in error) throw error
  const message = 'The body is not encoded as its Content-Encoding says.'
  throw new AtelierError('BAD_REQUEST', message, { cause: error })
}

// Koa's own parts throw http-errors, whose text may quote the request; ours says what would be right.
function fromKoa(thrown: unknown): unknown {
  if (thrown instanceof AtelierError || !(thrown instanceof Error)) return thrown
  const status = 'status' in thrown ? thrown.status : undefined
  if (status === 413) return new AtelierError('REQUEST_TOO_LARGE', undefined, { cause: thrown })
  if (status === 404) return new AtelierError('NOT_FOUND', undefined, { cause: thrown })
  if (typeof status === 'number' && status >= 400 && status < 500) {
    // Only the body parser adds the text it could not parse; all else is about the path.
    const message = 'body' in thrown ? 'The body must be JSON.' : undefined
    return new AtelierError('BAD_REQUEST', message, { cause: thrown })
  }
  return thrown
}
