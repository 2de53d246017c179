import type { Router } from '@koa/router'
import { AtelierError } from '../errors.ts'
import { passwordSignIn } from './api-schemas.ts'
import { parse } from './route-parts.ts'
import type { SignIn } from './sign-in.ts'

/** What signing in needs. */
export interface SignInRouteParts {
  /** Undefined where nobody signs in by password. */
  readonly signIn: Pick<SignIn, 'authenticate'> | undefined
}

/** Signs an account in by its password. */
export function signInRoutes(router: Router, { signIn }: SignInRouteParts): void {
  router.post('/authenticate', async (ctx) => {
    if (signIn === undefined) throw new AtelierError('SIGN_IN_UNAVAILABLE')
    ctx.body = await signIn.authenticate(parse(passwordSignIn, ctx.request.body))
  })
}
