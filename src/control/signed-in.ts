import type { Middleware } from 'koa'
import type { SignInCookie } from '../auth/cookie.ts'
import { SCOPES, type Scope } from '../auth/scopes.ts'
import { AtelierError } from '../errors.ts'

/** What a request carries once its user is known. */
export interface SignedIn {
  user: string
  /** What this request may do; a browser that has signed in may do everything. */
  scopes: readonly Scope[]
}

/** Finds out who asks, by the cookie. Throws NOT_SIGNED_IN. */
export function signedIn(cookie: SignInCookie): Middleware<SignedIn> {
  return async (ctx, next) => {
    const user = await cookie.open(ctx.req.headers)
    if (user === undefined) throw new AtelierError('NOT_SIGNED_IN')
    ctx.state.user = user
    ctx.state.scopes = SCOPES
    ctx.set('Cache-Control', 'no-store')
    await next()
  }
}
