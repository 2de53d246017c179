import type { IncomingMessage } from 'node:http'
import type { ProxiedUser } from '../auth/proxied.ts'
import { AtelierError } from '../errors.ts'
import type { Api } from './api.ts'
import { SIGNED_IN, type SignInParts } from './sign-in.ts'

/** What signing in by a proxy in front needs. */
export interface ProxiedParts extends SignInParts {
  /** Whom a proxy that is trusted has signed in. */
  readonly proxiedUser: (request: IncomingMessage) => ProxiedUser
}

/** `POST /sign-in/proxied`: as the user whom the proxy in front names. */
export function proxiedRoutes(api: Api, parts: ProxiedParts): void {
  const { signIns, proxiedUser, ways, isSecure, log } = parts

  api.addOpen(
    {
      id: 'signInByProxy',
      method: 'post',
      path: '/sign-in/proxied',
      summary: 'Sign a browser in as the user whom the proxy in front names in its header',
      errors: [
        'NOT_SIGNED_IN',
        'SIGN_IN_FAILED',
        'ACCOUNT_REFUSED',
        'SIGN_IN_OTHERWISE',
        'NAME_SERVICE_UNAVAILABLE',
      ],
      answers: SIGNED_IN,
    },
    async ({ ctx }) => {
      if (ways().method !== 'proxied') throw new AtelierError('SIGN_IN_OTHERWISE')
      const proxied = proxiedUser(ctx.req)
      if (proxied.kind !== 'user') {
        log.warn({ said: proxied.kind }, 'the proxy in front names no user')
        throw proxied.kind === 'none' ? nobody() : contradiction()
      }
      const cookie = await signIns.begin(proxied.user, isSecure(ctx.req))
      log.info({ user: proxied.user }, 'signed in by the proxy in front')
      return { status: 204, headers: { 'Set-Cookie': cookie } }
    },
  )
}

function nobody(): AtelierError {
  const message =
    'You are not signed in at the proxy in front of Atelier, or did not come through it.'
  return new AtelierError('NOT_SIGNED_IN', message)
}

function contradiction(): AtelierError {
  const message = 'The proxy in front of Atelier does not name one user. Tell its administrator.'
  return new AtelierError('SIGN_IN_FAILED', message)
}
