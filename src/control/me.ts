import type Router from '@koa/router'
import type { SignedIn } from './signed-in.ts'

/** What the page header shows beside the user. */
export interface MeParts {
  readonly host: string
  readonly version: string
}

/** Who is signed in, and where. */
export function meRoutes(api: Router<SignedIn>, { host, version }: MeParts): void {
  api.get('/me', (ctx) => {
    ctx.body = { user: ctx.state.user, host, version }
  })
}
