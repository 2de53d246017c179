import type { IncomingMessage } from 'node:http'
import { Stream } from 'node:stream'
import type { Context, Middleware, Next } from 'koa'
import type { ApiTokens } from '../auth/api-tokens.ts'
import { isBearer, isOurBearer, readSessionBearer } from '../auth/bearer.ts'
import type { Followers } from '../auth/followers.ts'
import type { Role } from '../auth/role.ts'
import { SCOPES, type Scope } from '../auth/scopes.ts'
import { SESSION_SCOPES, type SessionTokens } from '../auth/session-tokens.ts'
import type { SignIns } from '../auth/sign-ins.ts'
import type { Standings } from '../auth/standings.ts'
import { AtelierError } from '../errors.ts'
import type { FailureLimit } from './failure-limit.ts'
import { isByPerson } from './person.ts'

/** What a request carries once its user is known. */
export interface SignedIn {
  user: string
  /** What the user is on this Atelier now. */
  role: Role
  /** What this request may do; a browser that has signed in may do everything that its user may. */
  scopes: readonly Scope[]
  /** When its token expires; null if it has none, or one that never does. */
  expiresAt: Date | null
  /** The session that asks, by the token in its environment; null for anybody else. */
  session: string | null
}

/** What finds out who asks. */
export interface SignedInParts {
  readonly signIns: Pick<SignIns, 'visitor' | 'used' | 'follow' | 'renewal'>
  readonly apiTokens: Pick<ApiTokens, 'verify' | 'isRemembered' | 'follow'>
  readonly sessionTokens: Pick<SessionTokens, 'verify' | 'follow'>
  /** What the owners of tokens are now, and what goes on in their names. */
  readonly standings: Pick<Standings, 'of'>
  readonly followers: Pick<Followers, 'add'>
  /** True for a request of a browser that came by TLS. */
  readonly isSecure: (request: IncomingMessage) => boolean
  /** Counts wrong tokens. */
  readonly failures: Pick<FailureLimit, 'guard'>
}

/** Tells when what was begun with a sign-in or a token may not go on; answers what stops waiting for it. */
type Follow = (end: () => void) => () => void

/**
 * Finds out who asks: by an API token or a session's token if there is one, whatever cookie comes with it, else by the cookie; what else is in
 * Authorization is between a browser and a proxy in front of us. An answer that is still being sent when its sign-in ends
 * or its token is revoked or expires is broken off. Throws NOT_SIGNED_IN or, for a token, TOKEN_INVALID, ACCOUNT_REFUSED,
 * TOO_MANY_REQUESTS after many wrong ones from the same client, or DATABASE_UNAVAILABLE.
 */
export function signedIn(parts: SignedInParts): Middleware<SignedIn> {
  return async (ctx, next) => {
    ctx.set('Cache-Control', 'no-store')
    const { authorization } = ctx.req.headers
    if (authorization === undefined || !isForUs(authorization, ctx.req.headers.cookie)) {
      await byCookie(ctx, next, parts)
    } else {
      await byToken(ctx, next, authorization, parts)
    }
  }
}

async function byCookie(ctx: Context, next: Next, parts: SignedInParts): Promise<void> {
  const { signIns, isSecure } = parts
  const notSignedIn = () => refused(ctx, new AtelierError('NOT_SIGNED_IN'))
  const visitor = await signIns.visitor(ctx.req)
  if (visitor === undefined) throw notSignedIn()
  const { user, role, signIn } = visitor
  if (isByPerson(ctx.req)) signIns.used(signIn)
  const cookie = await signIns.renewal(signIn, isSecure(ctx.req))
  if (cookie !== undefined) ctx.append('Set-Cookie', cookie)
  const state: SignedIn = { user, role, scopes: SCOPES, expiresAt: null, session: null }
  Object.assign(ctx.state, state)
  await whileValid(ctx, (end) => signIns.follow(visitor, end), notSignedIn, next)
}

async function byToken(
  ctx: Context,
  next: Next,
  authorization: string,
  parts: SignedInParts,
): Promise<void> {
  const { standings, followers } = parts
  const pass = await passOf(ctx, authorization, parts)
  const { user, scopes, expiresAt, session } = pass
  const standing = await standings.of(user)
  if (!standing.admitted) throw new AtelierError('ACCOUNT_REFUSED', standing.why)
  // Whatever its user may, a session sees and touches its user's own.
  const role = session === null ? standing.role : 'user'
  Object.assign(ctx.state, { user, role, scopes, expiresAt, session } satisfies SignedIn)
  const follow: Follow = (end) => {
    const leaves = [
      pass.follow(end),
      followers.add({ user, role: standing.role, signIn: undefined }, end),
    ]
    return () => leaves.forEach((leave) => leave())
  }
  await whileValid(ctx, follow, () => refused(ctx, new AtelierError('TOKEN_INVALID')), next)
}

// A proxy in front may ask for a password, or add a token of its own to what a browser with our cookie asks for.
function isForUs(authorization: string, cookie: string | undefined): boolean {
  return isOurBearer(authorization) || (cookie === undefined && isBearer(authorization))
}

/** Somebody's right by a token of whichever kind. */
interface Pass extends Omit<SignedIn, 'role'> {
  readonly follow: Follow
}

// A token that was good a moment ago costs little to check, and must not suffer from others behind the same address.
async function passOf(ctx: Context, authorization: string, parts: SignedInParts): Promise<Pass> {
  const { apiTokens, sessionTokens, failures } = parts
  const session = sessionTokens.verify(authorization)
  if (session !== undefined) {
    const { id, user } = session
    const follow: Follow = (end) => sessionTokens.follow(session, end)
    return { user, scopes: SESSION_SCOPES, expiresAt: null, session: id, follow }
  }
  let wrong: unknown = new AtelierError('TOKEN_INVALID')
  const attempt = async () => {
    try {
      if (readSessionBearer(authorization) !== undefined) throw sessionIsOver()
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
  const { user, scopes, expiresAt } = token
  const follow: Follow = (end) => apiTokens.follow(token, end)
  return { user, scopes, expiresAt, session: null, follow }
}

function sessionIsOver(): AtelierError {
  return new AtelierError(
    'TOKEN_INVALID',
    'This token is of a session that has ended or was started anew, or it is wrong.',
  )
}

/** A 401 names the scheme that would be right (RFC 9110, 11.6.1; RFC 6750, 3); no browser asks its user for a token. */
function refused(ctx: Context, error: unknown): unknown {
  const { code } = error instanceof AtelierError ? error : {}
  if (code === 'NOT_SIGNED_IN') ctx.set('WWW-Authenticate', 'Bearer')
  if (code === 'TOKEN_INVALID') ctx.set('WWW-Authenticate', 'Bearer error="invalid_token"')
  return error
}

/** What was begun by somebody who might is done, as revoking the very token that asks is; a stream that goes on ends. */
async function whileValid(
  ctx: Context,
  follow: Follow,
  error: () => unknown,
  next: Next,
): Promise<void> {
  let ended = false
  const isStream = () => ctx.body instanceof Stream
  const leave = follow(() => {
    ended = true
    // What another node answers may go on too.
    if (ctx.respond === false || (ctx.res.headersSent && isStream())) ctx.res.destroy()
  })
  ctx.res.once('close', leave)
  await next()
  if (ended && isStream()) throw error()
}
