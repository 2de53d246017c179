import type Router from '@koa/router'
import { z } from 'zod'
import type { SignInCookie } from '../auth/cookie.ts'
import { AtelierError } from '../errors.ts'
import { parseBody } from './parse.ts'

/** What signing in needs. */
export interface SignInParts {
  readonly cookie: SignInCookie
  readonly signInLinks: { redeem(token: string): Promise<string | undefined> }
}

const signInBody = z.strictObject({ token: z.string().min(1).max(200) })

/** Sign-in by one-time link, and sign-out. */
export function signInRoutes(open: Router, { cookie, signInLinks }: SignInParts): void {
  open.post('/api/v1/sign-in', async (ctx) => {
    const { token } = parseBody(ctx, signInBody)
    const user = await signInLinks.redeem(token)
    if (user === undefined) throw new AtelierError('SIGN_IN_LINK_INVALID')
    ctx.set('Set-Cookie', await cookie.seal(user, ctx.secure))
    ctx.status = 204
  })

  open.post('/api/v1/sign-out', (ctx) => {
    ctx.set('Set-Cookie', cookie.clear(ctx.secure))
    ctx.status = 204
  })
}
