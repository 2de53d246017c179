import { z } from 'zod'
import { IDE_NAMES, SESSION_STATES, type Session } from '../sessions/session.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Api } from './api.ts'
import { etagOf, etagsHeader, namesVersion, preconditionOf } from './etag.ts'
import { fingerprintOf, idempotencyKey } from './idempotency.ts'
import { queryInteger, queryList } from './query-fields.ts'
import { renameBody, startBody } from './session-bodies.ts'
import { sessionAnswer, sessionJson, type SessionExtras } from './session-json.ts'
import { ownerFor, sessionsOf } from './others-sessions.ts'
import { SESSION_SORTS, sessionPage } from './session-page.ts'

/** What the session routes need. */
export interface SessionParts {
  readonly sessions: Sessions
  readonly extras: SessionExtras
}

const ETAG = { ETag: 'The version of the session, in quotes.' }
const params = { id: z.string() }
const ifMatch = etagsHeader.optional().describe('Do it only if the session has this ETag.')

const listSessions = {
  id: 'listSessions',
  method: 'get',
  path: '/sessions',
  summary: 'Your sessions, a page at a time',
  description:
    'Administrators with the scope "admin" may list those of others; nobody may open them.',
  query: {
    state: queryList(SESSION_STATES).optional().describe('Only those in one of these states.'),
    ide: z.enum(IDE_NAMES).optional().describe('Only those of this IDE.'),
    q: z.string().max(200).optional().describe('Only those with this text in name or id.'),
    sort: z.enum(SESSION_SORTS).default('createdAt').describe('A minus: the latest first.'),
    limit: queryInteger(1, 200, 50).describe('How many at most.'),
    user: z
      .string()
      .min(1)
      .max(256)
      .optional()
      .describe("For administrators: somebody else's sessions, or `*` for those of all."),
    cursor: z.string().max(500).optional().describe('The `next` of the page before.'),
  },
  errors: ['ADMINISTRATORS_ONLY'],
  answers: {
    200: {
      description: 'A page. `next` is the cursor of the next one, and null on the last.',
      body: z.object({ items: z.array(sessionAnswer), next: z.string().nullable() }),
    },
  },
} as const

const startSession = {
  id: 'startSession',
  method: 'post',
  path: '/sessions',
  summary: 'Start a session',
  headers: { 'idempotency-key': idempotencyKey.optional() },
  body: startBody,
  errors: [
    'IDE_NOT_ALLOWED',
    'IDE_MISSING',
    'IDE_INSTALLING',
    'VERSION_UNUSABLE',
    'PROFILE_UNKNOWN',
    'LIMIT_REACHED',
    'IDEMPOTENCY_KEY_REUSED',
    'NO_NODE',
    'LAUNCHER_UNAVAILABLE',
  ],
  answers: {
    201: {
      description: 'The session, which is Starting.',
      headers: {
        ...ETAG,
        Location: 'Where the session is read.',
        'Idempotency-Replayed': '`true` if an earlier request with the same key started it.',
      },
      body: sessionAnswer,
    },
  },
} as const

const getSession = {
  id: 'getSession',
  method: 'get',
  path: '/sessions/{id}',
  summary: 'One session',
  params,
  headers: {
    'if-none-match': etagsHeader.optional().describe('Answer only if it has another ETag.'),
  },
  errors: ['SESSION_NOT_FOUND'],
  answers: {
    200: { description: 'The session.', headers: ETAG, body: sessionAnswer },
    304: { description: 'It still has the version that If-None-Match names.', headers: ETAG },
  },
} as const

const renameSession = {
  id: 'renameSession',
  method: 'patch',
  path: '/sessions/{id}',
  summary: 'Rename a session',
  params,
  headers: { 'if-match': ifMatch },
  body: renameBody,
  errors: ['SESSION_NOT_FOUND', 'VERSION_CONFLICT', 'PRECONDITION_FAILED'],
  answers: {
    200: { description: 'The session as it is now.', headers: ETAG, body: sessionAnswer },
  },
} as const

const stopSession = {
  id: 'stopSession',
  method: 'delete',
  path: '/sessions/{id}',
  summary: 'Stop a session; remove one that has ended',
  description: 'Administrators with the scope "admin" may do that with the sessions of others.',
  params,
  query: {
    force: z.enum(['true', 'false']).default('false').describe('Kill it without asking it first.'),
  },
  headers: { 'if-match': ifMatch },
  errors: ['SESSION_NOT_FOUND', 'VERSION_CONFLICT', 'PRECONDITION_FAILED'],
  answers: {
    202: {
      description: 'The session: Stopping, or Stopped if its server is lost.',
      headers: ETAG,
      body: sessionAnswer,
    },
    204: { description: 'It had ended already, and is removed.' },
  },
} as const

/** Start, list, show, rename and stop sessions. */
export function sessionRoutes(api: Api, { sessions, extras }: SessionParts): void {
  const shown = (session: Session) => ({
    headers: { ETag: etagOf(session) },
    body: sessionJson(session, extras),
  })

  api.add('read', listSessions, (request) => {
    const { query } = request
    const all = sessionsOf(sessions, request, query.user).map((session) =>
      sessionJson(session, extras),
    )
    return { status: 200, body: sessionPage(all, query) }
  })

  api.add('sessions', startSession, async ({ user, body, headers, ctx }) => {
    const key = headers['idempotency-key']
    const once =
      key === undefined ? undefined : { key, fingerprint: fingerprintOf(ctx.request.body) }
    const { session, replayed } = await sessions.startSession(user, body, once)
    const { headers: etag, body: started } = shown(session)
    const location = { Location: `/api/v1/sessions/${session.id}` }
    const told = replayed ? { 'Idempotency-Replayed': 'true' } : {}
    return { status: 201, headers: { ...etag, ...location, ...told }, body: started }
  })

  api.add('read', getSession, async ({ user, params, headers }) => {
    const session = await sessions.findSession(user, params.id)
    const known = headers['if-none-match']
    if (known === undefined || !namesVersion(known, session.version)) {
      return { status: 200, ...shown(session) }
    }
    return { status: 304, headers: { ETag: etagOf(session) } }
  })

  api.add('sessions', renameSession, async ({ user, params, headers, body }) => {
    const only = preconditionOf(headers['if-match'])
    return { status: 200, ...shown(await sessions.renameSession(user, params.id, body, only)) }
  })

  api.add('sessions', stopSession, async (request) => {
    const { params, query, headers } = request
    const only = preconditionOf(headers['if-match'])
    const owner = ownerFor(sessions, request, params.id)
    const stopped = await sessions.stopSession(owner, params.id, query.force === 'true', only)
    return stopped === undefined ? { status: 204 } : { status: 202, ...shown(stopped) }
  })
}
