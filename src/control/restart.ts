import { z } from 'zod'
import type { Sessions } from '../sessions/sessions.ts'
import type { Api } from './api.ts'
import { etagOf, etagsHeader, preconditionOf } from './etag.ts'
import { sessionAnswer, sessionJson, type SessionExtras } from './session-json.ts'

/** What starting a lost session again needs. */
export interface RestartParts {
  readonly sessions: Pick<Sessions, 'restartSession'>
  readonly extras: SessionExtras
}

const restartSession = {
  id: 'restartSession',
  method: 'post',
  path: '/sessions/{id}/restart',
  summary: 'Start a session again whose server is lost',
  params: { id: z.string() },
  headers: {
    'if-match': etagsHeader.optional().describe('Do it only if the session has this ETag.'),
  },
  errors: [
    'SESSION_NOT_FOUND',
    'SESSION_NOT_LOST',
    'VERSION_CONFLICT',
    'PRECONDITION_FAILED',
    'NO_NODE',
  ],
  answers: {
    202: {
      description: 'The session, which is Starting; on another server if one takes it.',
      headers: { ETag: 'The version of the session, in quotes.' },
      body: sessionAnswer,
    },
  },
} as const

/** `POST /sessions/:id/restart`: starts a session again elsewhere whose server is lost. */
export function restartRoutes(api: Api, { sessions, extras }: RestartParts): void {
  api.add('sessions', restartSession, async ({ user, params, headers }) => {
    const only = preconditionOf(headers['if-match'])
    const session = await sessions.restartSession(user, params.id, only)
    const body = sessionJson(session, extras)
    return { status: 202, headers: { ETag: etagOf(session) }, body }
  })
}
