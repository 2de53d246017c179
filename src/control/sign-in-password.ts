import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { AtelierError } from '../errors.ts'
import type { Launcher } from '../launcher/launcher.ts'
import type { Api } from './api.ts'
import type { FailureLimit } from './failure-limit.ts'
import { SIGNED_IN, type SignInParts } from './sign-in.ts'

/** What signing in by a password needs. */
export interface PasswordParts extends SignInParts {
  readonly launcher: Pick<Launcher, 'authenticate'>
  readonly clientOf: (request: IncomingMessage) => { readonly address: string }
  /** Counts what fails by the client's address, and by account. */
  readonly failures: FailureLimit
  readonly accountFailures: FailureLimit
}

// The messages of their schemas quote no value: a password may be typed into the field of the name.
const passwordBody = z
  .strictObject({
    user: z.string().trim().min(1).max(256),
    password: z.string().min(1).max(4096),
  })
  .meta({ id: 'PasswordSignIn' })

/** `POST /sign-in/password`: by the name and password of an account of this system. */
export function passwordRoutes(api: Api, parts: PasswordParts): void {
  const { signIns, launcher, ways, isSecure, clientOf, failures, accountFailures, log } = parts

  const authenticated = async (ask: Parameters<Launcher['authenticate']>[0]) => {
    try {
      return (await launcher.authenticate(ask)).user
    } catch (error) {
      if (error instanceof AtelierError && error.code === 'SIGN_IN_FAILED') return undefined
      throw error
    }
  }

  api.addOpen(
    {
      id: 'signInByPassword',
      method: 'post',
      path: '/sign-in/password',
      summary: 'Sign a browser in by user name and password',
      body: passwordBody,
      errors: [
        'SIGN_IN_FAILED',
        'ACCOUNT_REFUSED',
        'PASSWORD_EXPIRED',
        'SIGN_IN_OTHERWISE',
        'TOO_MANY_REQUESTS',
        'LAUNCHER_UNAVAILABLE',
        'NAME_SERVICE_UNAVAILABLE',
      ],
      answers: SIGNED_IN,
    },
    async ({ body, ctx }) => {
      if (ways().method !== 'pam') throw new AtelierError('SIGN_IN_OTHERWISE')
      const { address } = clientOf(ctx.req)
      const ask = { ...body, remoteHost: address }
      const user = await failures.guard(ctx, () =>
        accountFailures.guardKey(ctx, body.user.toLowerCase(), () => authenticated(ask)),
      )
      if (user === undefined) {
        // Not the name: it may be the password.
        log.info({ address }, 'a sign-in by password has failed')
        throw new AtelierError('SIGN_IN_FAILED')
      }
      const cookie = await signIns.begin(user, isSecure(ctx.req))
      log.info({ user, address }, 'signed in by password')
      return { status: 204, headers: { 'Set-Cookie': cookie } }
    },
  )
}
