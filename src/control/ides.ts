import type Router from '@koa/router'
import type { IdeStatus } from '../ides/ide.ts'
import type { SignedIn } from './signed-in.ts'

/** What the IDE list needs. */
export interface IdeParts {
  readonly ides: { list(): Promise<readonly IdeStatus[]> }
}

/** Which IDEs there are, and how far the installation of the others is. */
export function ideRoutes(api: Router<SignedIn>, { ides }: IdeParts): void {
  api.get('/ides', async (ctx) => {
    ctx.body = { items: await ides.list() }
  })
}
