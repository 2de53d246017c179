import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import type { SignIns } from '../auth/sign-ins.ts'
import { AtelierError } from '../errors.ts'
import type { Api } from './api.ts'

/** What signing out needs. */
export interface SignOutParts {
  readonly signIns: Pick<SignIns, 'clear' | 'signInOf' | 'signOut' | 'signOutEverywhere'>
  readonly isSecure: (request: IncomingMessage) => boolean
}

const signOutBody = z
  .strictObject({
    everywhere: z
      .boolean()
      .default(false)
      .describe('In all browsers in which you are signed in. API tokens go on working.'),
  })
  .meta({ id: 'SignOut' })
  .optional()

const UNWRITTEN =
  'You are signed out in this browser and on this server. The database is unavailable, so the other servers hear of it only when it answers again.'

/** `POST /sign-out`: of this browser or of all, on every node. */
export function signOutRoutes(api: Api, { signIns, isSecure }: SignOutParts): void {
  api.addOpen(
    {
      id: 'signOut',
      method: 'post',
      path: '/sign-out',
      summary: 'Sign a browser out, or all browsers of its user',
      description:
        'Every node refuses the cookie from then on, and ends the open connections that were made with it, within seconds.',
      body: signOutBody,
      answers: {
        204: { description: 'Signed out.', headers: { 'Set-Cookie': 'Takes the cookie away.' } },
      },
    },
    async ({ body, ctx }) => {
      // Also with an error: a browser that asks for it is signed out in any case.
      ctx.set('Set-Cookie', [...signIns.clear(isSecure(ctx.req))])
      const signIn = await signIns.signInOf(ctx.req)
      if (signIn === undefined) return { status: 204 }
      try {
        if (body?.everywhere === true) await signIns.signOutEverywhere(signIn.user)
        else await signIns.signOut(signIn)
      } catch (error) {
        if (!(error instanceof AtelierError) || error.code !== 'DATABASE_UNAVAILABLE') throw error
        throw new AtelierError('DATABASE_UNAVAILABLE', UNWRITTEN, { cause: error })
      }
      return { status: 204 }
    },
  )
}
