import type Router from '@koa/router'
import { versionJson } from '../ides/language-version.ts'
import type { Versions } from '../ides/versions.ts'
import type { SignedIn } from './signed-in.ts'

/** What the list of versions needs. */
export interface VersionParts {
  readonly versions: Pick<Versions, 'list'>
}

/** `GET /versions`: the Pythons and Rs that a session of the user can be started with. */
export function versionRoutes(api: Router<SignedIn>, { versions }: VersionParts): void {
  api.get('/versions', async (ctx) => {
    const found = await versions.list(ctx.state.user)
    ctx.body = { items: found.map(versionJson) }
  })
}
