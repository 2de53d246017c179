import { Stream } from 'node:stream'
import type { Context, Middleware, Next } from 'koa'
import type { ApiToken } from '../auth/api-token.ts'
import type { ApiTokens } from '../auth/api-tokens.ts'
import { isBearer, isOurBearer } from '../auth/bearer.ts'
import type { SignInCookie } from '../auth/cookie.ts'
import { SCOPES, type Scope } from '../auth/scopes.ts'
import { AtelierError } from '../errors.ts'
import type { FailureLimit } from './failure-limit.ts'

/** What a request carries once its user is known. */
export interface SignedIn {
  user: string
  /** What this request may do; a browser that has signed in may do everything. */
  scopes: readonly Scope[]
  /** When its token expires; null if it has none, or one that never does. */
  expiresAt: Date | null
}

/** What finds out who asks. */
export interface SignedInParts {
  readonly cookie: Pick<SignInCookie, 'open'>
  readonly apiTokens: Pick<ApiTokens, 'verify' | 'isRemembered' | 'follow'>
  /** Counts wrong tokens. */
  readonly failures: Pick<FailureLimit, 'guard'>
}

/**
 * Finds out who asks: by an API token if there is one, whatever cookie comes with it, else by the cookie; what else is in
 * Authorization is between a browser and a proxy in front of us. An answer that is still being sent when its token is revoked or expires is broken off. Throws NOT_SIGNED_IN or, for a token,
 * TOKEN_INVALID, TOO_MANY_REQUESTS after many wrong ones from the same client, or DATABASE_UNAVAILABLE.
 */
export function signedIn(parts: SignedInParts): Middleware<SignedIn> {
  const { cookie, apiTokens } = parts
  return async (ctx, next) => {
    ctx.set('Cache-Control', 'no-store')
    const { authorization } = ctx.req.headers
    if (authorization === undefined || !isForUs(authorization, ctx.req.headers.cookie)) {
      const user = await cookie.open(ctx.req.headers)
      if (user === undefined) throw refused(ctx, new AtelierError('NOT_SIGNED_IN'))
      ctx.state.user = user
      ctx.state.scopes = SCOPES
      ctx.state.expiresAt = null
    } else {
      const token = await tokenOf(ctx, authorization, parts)
      ctx.state.user = token.user
      ctx.state.scopes = token.scopes
      ctx.state.expiresAt = token.expiresAt
      return whileValid(ctx, token, apiTokens, next)
    }
    await next()
  }
}

// A proxy in front may ask for a password, or add a token of its own to what a browser with our cookie asks for.
function isForUs(authorization: string, cookie: string | undefined): boolean {
  return isOurBearer(authorization) || (cookie === undefined && isBearer(authorization))
}

// A token that was good a moment ago costs little to check, and must not suffer from others behind the same address.
async function tokenOf(
  ctx: Context,
  authorization: string,
  { apiTokens, failures }: SignedInParts,
): Promise<ApiToken> {
  let wrong: unknown = new AtelierError('TOKEN_INVALID')
  const attempt = async () => {
    try {
      return await apiTokens.verify(authorization)
    } catch (error) {
      if (!(error instanceof AtelierError && error.code === 'TOKEN_INVALID')) throw error
      wrong = error
      return undefined
    }
  }
  const isRemembered = apiTokens.isRemembered(authorization)
  const token = await (isRemembered ? attempt() : failures.guard(ctx, attempt))
  if (token === undefined) throw refused(ctx, wrong)
  return token
}

/** A 401 names the scheme that would be right (RFC 9110, 11.6.1; RFC 6750, 3); no browser asks its user for a token. */
function refused(ctx: Context, error: unknown): unknown {
  const { code } = error instanceof AtelierError ? error : {}
  if (code === 'NOT_SIGNED_IN') ctx.set('WWW-Authenticate', 'Bearer')
  if (code === 'TOKEN_INVALID') ctx.set('WWW-Authenticate', 'Bearer error="invalid_token"')
  return error
}

/** What was begun with a valid token is done, as revoking that very token is; a stream that goes on ends with it. */
async function whileValid(
  ctx: Context,
  token: ApiToken,
  apiTokens: Pick<ApiTokens, 'follow'>,
  next: Next,
): Promise<void> {
  let ended = false
  const leave = apiTokens.follow(token, () => {
    ended = true
    if (ctx.res.headersSent && ctx.body instanceof Stream) ctx.res.destroy()
  })
  ctx.res.once('close', leave)
  await next()
  if (ended && ctx.body instanceof Stream) {
    throw refused(ctx, new AtelierError('TOKEN_INVALID'))
  }
}
