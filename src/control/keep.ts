import { z } from 'zod'
import type { Sessions } from '../sessions/sessions.ts'
import type { Api } from './api.ts'
import { sessionAnswer, sessionJson, type SessionExtras } from './session-json.ts'

/** What keeping a session needs. */
export interface KeepParts {
  readonly sessions: Sessions
  readonly extras: SessionExtras
}

const keepBody = z
  .strictObject({
    until: z.iso
      .datetime({ offset: true, error: 'must be a time such as 2026-11-23T18:00:00Z, or null' })
      .transform((text) => new Date(text))
      .nullable()
      .describe('Null to keep it no longer than the limits allow.'),
  })
  .meta({ id: 'KeepSession', description: 'Until when a session is to be kept.' })

const keepSession = {
  id: 'keepSession',
  method: 'put',
  path: '/sessions/{id}/keep',
  summary: 'Keep a session until a time, whatever its limits',
  params: { id: z.string() },
  body: keepBody,
  errors: ['SESSION_NOT_FOUND', 'VERSION_CONFLICT'],
  answers: { 200: { description: 'The session as it is now.', body: sessionAnswer } },
} as const

/** `PUT /sessions/:id/keep`: until when a session is to be kept, whatever its limits. */
export function keepRoutes(api: Api, { sessions, extras }: KeepParts): void {
  api.add('sessions', keepSession, async ({ user, params, body }) => {
    const kept = await sessions.keepSession(user, params.id, body.until)
    return { status: 200, body: sessionJson(kept, extras) }
  })
}
