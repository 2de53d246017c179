import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import type { SignIns } from '../auth/sign-ins.ts'
import { AtelierError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Api } from './api.ts'
import type { FailureLimit } from './failure-limit.ts'
import { type SignInWays, waysAnswer } from './sign-in-ways.ts'

/** What every way to sign in needs. */
export interface SignInParts {
  readonly signIns: Pick<SignIns, 'begin'>
  readonly ways: () => SignInWays
  readonly isSecure: (request: IncomingMessage) => boolean
  readonly log: Log
}

/** What signing in by a link needs. */
export interface LinkParts extends SignInParts {
  readonly signInLinks: { redeem(token: string): Promise<string | undefined> }
}

const signInBody = z.strictObject({ token: z.string().min(1).max(200) }).meta({ id: 'SignIn' })

/** What an answer says that signs a browser in. */
export const SIGNED_IN = {
  204: { description: 'Signed in.', headers: { 'Set-Cookie': 'The cookie of the browser.' } },
} as const

/** How one signs in, and sign-in by one-time link: that is for people with the method link, and for root in any case. */
export function signInRoutes(api: Api, parts: LinkParts & { failures: FailureLimit }): void {
  const { signIns, signInLinks, ways, isSecure, failures } = parts

  api.addOpen(
    {
      id: 'getSignInWays',
      method: 'get',
      path: '/sign-in',
      summary: 'How people sign in here',
      answers: { 200: { description: 'The way there is.', body: waysAnswer } },
    },
    ({ ctx }) => {
      ctx.set('Cache-Control', 'no-store')
      return { status: 200, body: ways() }
    },
  )

  api.addOpen(
    {
      id: 'signIn',
      method: 'post',
      path: '/sign-in',
      summary: 'Sign a browser in with the token of a one-time link',
      body: signInBody,
      errors: [
        'SIGN_IN_LINK_INVALID',
        'ACCOUNT_REFUSED',
        'TOO_MANY_REQUESTS',
        'NAME_SERVICE_UNAVAILABLE',
      ],
      answers: SIGNED_IN,
    },
    async ({ body, ctx }) => {
      const user = await failures.guard(ctx, () => signInLinks.redeem(body.token))
      if (user === undefined) throw new AtelierError('SIGN_IN_LINK_INVALID')
      const cookie = await signIns.begin(user, isSecure(ctx.req))
      return { status: 204, headers: { 'Set-Cookie': cookie } }
    },
  )
}
