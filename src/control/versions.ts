import type Router from '@koa/router'
import { z } from 'zod'
import { versionJson } from '../ides/language-version.ts'
import type { Versions } from '../ides/versions.ts'
import { parse } from './parse.ts'
import type { SignedIn } from './signed-in.ts'

/** What the list of versions needs. */
export interface VersionParts {
  readonly versions: Pick<Versions, 'list'>
}

const listQuery = z.looseObject({ rescan: z.enum(['true', 'false']).default('false') })

/** `GET /versions`: the Pythons and Rs that a session of the user can be started with; `rescan=true` looks anew. */
export function versionRoutes(api: Router<SignedIn>, { versions }: VersionParts): void {
  api.get('/versions', async (ctx) => {
    const { rescan } = parse(listQuery, ctx.query)
    const found = await versions.list(ctx.state.user, { rescan: rescan === 'true' })
    ctx.body = { items: found.map(versionJson) }
  })
}
