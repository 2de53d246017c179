import type Router from '@koa/router'
import { z } from 'zod'
import type { Sessions } from '../sessions/sessions.ts'
import { IDE_NAMES } from '../sessions/session.ts'
import { parse, parseBody, pathId } from './parse.ts'
import { sessionJson, type SessionExtras } from './session-json.ts'
import type { SignedIn } from './signed-in.ts'

/** What the session routes need. */
export interface SessionParts {
  readonly sessions: Sessions
  readonly extras: SessionExtras
}

const name = z
  .string()
  .trim()
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not hold control characters')
  .transform((text) => (text === '' ? null : text))
  .nullable()
const version = z.string().min(1).max(1000).nullable().default(null)
const startBody = z.strictObject({
  ide: z.enum(IDE_NAMES),
  name: name.default(null),
  python: version,
  r: version,
  profile: z.string().min(1).max(100).nullable().default(null),
})
const renameBody = z.strictObject({ name, version: z.number().int().positive().optional() })
const stopQuery = z.looseObject({ force: z.enum(['true', 'false']).default('false') })

/** Start, list, show, rename and stop sessions. */
export function sessionRoutes(api: Router<SignedIn>, { sessions, extras }: SessionParts): void {
  api.get('/sessions', (ctx) => {
    const items = sessions.listSessions(ctx.state.user)
    ctx.body = { items: items.map((session) => sessionJson(session, extras)) }
  })

  api.post('/sessions', async (ctx) => {
    const session = await sessions.startSession(ctx.state.user, parseBody(ctx, startBody))
    ctx.status = 201
    ctx.set('Location', `/api/v1/sessions/${session.id}`)
    ctx.body = sessionJson(session, extras)
  })

  api.get('/sessions/:id', (ctx) => {
    ctx.body = sessionJson(sessions.getSession(ctx.state.user, pathId(ctx.params)), extras)
  })

  api.patch('/sessions/:id', async (ctx) => {
    const id = pathId(ctx.params)
    const changed = await sessions.renameSession(ctx.state.user, id, parseBody(ctx, renameBody))
    ctx.body = sessionJson(changed, extras)
  })

  api.delete('/sessions/:id', async (ctx) => {
    const { force } = parse(stopQuery, ctx.query)
    const stopped = await sessions.stopSession(ctx.state.user, pathId(ctx.params), force === 'true')
    ctx.status = stopped === undefined ? 204 : 202
    if (stopped !== undefined) ctx.body = sessionJson(stopped, extras)
  })
}
