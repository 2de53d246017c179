import type Router from '@koa/router'
import type { Profiles } from '../sessions/profiles.ts'
import type { SignedIn } from './signed-in.ts'

/** What the list of profiles needs. */
export interface ProfileParts {
  readonly profiles: Pick<Profiles, 'list'>
}

/** `GET /profiles`: the resource profiles that a session can be started with; the first is the usual one. */
export function profileRoutes(api: Router<SignedIn>, { profiles }: ProfileParts): void {
  api.get('/profiles', (ctx) => {
    ctx.body = { items: profiles.list() }
  })
}
