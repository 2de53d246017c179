import { z } from 'zod'
import type { SignInCookie } from '../auth/cookie.ts'
import { AtelierError } from '../errors.ts'
import type { Api } from './api.ts'
import type { FailureLimit } from './failure-limit.ts'

/** What signing in needs. */
export interface SignInParts {
  readonly cookie: SignInCookie
  readonly signInLinks: { redeem(token: string): Promise<string | undefined> }
}

const signInBody = z.strictObject({ token: z.string().min(1).max(200) }).meta({ id: 'SignIn' })
const SET_COOKIE = { 'Set-Cookie': 'The cookie of the browser.' }

/** Sign-in by one-time link, and sign-out. */
export function signInRoutes(
  api: Api,
  { cookie, signInLinks, failures }: SignInParts & { failures: FailureLimit },
): void {
  api.addOpen(
    {
      id: 'signIn',
      method: 'post',
      path: '/sign-in',
      summary: 'Sign a browser in with the token of a one-time link',
      body: signInBody,
      errors: ['SIGN_IN_LINK_INVALID', 'TOO_MANY_REQUESTS'],
      answers: { 204: { description: 'Signed in.', headers: SET_COOKIE } },
    },
    async ({ body, ctx }) => {
      const user = await failures.guard(ctx, () => signInLinks.redeem(body.token))
      if (user === undefined) throw new AtelierError('SIGN_IN_LINK_INVALID')
      return { status: 204, headers: { 'Set-Cookie': await cookie.seal(user, ctx.secure) } }
    },
  )

  api.addOpen(
    {
      id: 'signOut',
      method: 'post',
      path: '/sign-out',
      summary: 'Sign a browser out',
      answers: { 204: { description: 'Signed out.', headers: SET_COOKIE } },
    },
    ({ ctx }) => ({ status: 204, headers: { 'Set-Cookie': cookie.clear(ctx.secure) } }),
  )
}
