import { z } from 'zod'
import type { JobPort } from '../launcher/job.ts'
import type { SessionPorts } from '../sessions/session-ports.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Api } from './api.ts'

/** What the list of ports needs. */
export interface PortParts {
  readonly sessions: Pick<Sessions, 'getSession'>
  readonly ports: Pick<SessionPorts, 'list'>
}

const portAnswer = z
  .object({
    port: z.int(),
    process: z.string().describe('The name of the program that listens.'),
    url: z.string().describe('Where it is opened: `/s/<id>/p/<port>/`.'),
  })
  .meta({
    id: 'Port',
    description: "A port at which a program of a session listens, on its host's loopback.",
  })

const listPorts = {
  id: 'listPorts',
  method: 'get',
  path: '/sessions/{id}/ports',
  summary: "Where the session's own programs listen now, such as its web apps",
  params: { id: z.string() },
  errors: [
    'SESSION_NOT_FOUND',
    'LAUNCHER_UNAVAILABLE',
    'SESSION_MOVED',
    'SESSION_LOST',
    'NODE_UNREACHABLE',
  ],
  atHolder: true,
  answers: { 200: { description: 'All of them.', body: z.object({ items: z.array(portAnswer) }) } },
} as const

/** `GET /sessions/:id/ports`: where the session's own programs listen now, such as its web apps. */
export function portRoutes(api: Api, { sessions, ports }: PortParts): void {
  api.add('read', listPorts, async ({ user, params }) => {
    const session = sessions.getSession(user, params.id)
    return { status: 200, body: { items: portsJson(session.id, await ports.list(session)) } }
  })
}

// Each once, although it may be served at two addresses.
function portsJson(sessionId: string, ports: readonly JobPort[]) {
  const byPort = new Map(ports.toReversed().map((each) => [each.port, each]))
  return [...byPort.values()]
    .sort((a, b) => a.port - b.port)
    .map(({ port, process }) => ({ port, process, url: `/s/${sessionId}/p/${port}/` }))
}
