import type Router from '@koa/router'
import { z } from 'zod'
import type { Sessions } from '../sessions/sessions.ts'
import { parseBody, pathId } from './parse.ts'
import { sessionJson, type SessionExtras } from './session-json.ts'
import type { SignedIn } from './signed-in.ts'

/** What keeping a session needs. */
export interface KeepParts {
  readonly sessions: Sessions
  readonly extras: SessionExtras
}

const keepBody = z.strictObject({
  until: z.iso
    .datetime({ offset: true, error: 'must be a time such as 2026-11-23T18:00:00Z, or null' })
    .transform((text) => new Date(text))
    .nullable(),
})

/** `PUT /sessions/:id/keep`: until when a session is to be kept, whatever its limits. */
export function keepRoutes(api: Router<SignedIn>, { sessions, extras }: KeepParts): void {
  api.put('/sessions/:id/keep', async (ctx) => {
    const { until } = parseBody(ctx, keepBody)
    const kept = await sessions.keepSession(ctx.state.user, pathId(ctx.params), until)
    ctx.body = sessionJson(kept, extras)
  })
}
