import type Router from '@koa/router'
import type { JobPort } from '../launcher/job.ts'
import type { SessionPorts } from '../sessions/session-ports.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { pathId } from './parse.ts'
import type { SignedIn } from './signed-in.ts'

/** What the list of ports needs. */
export interface PortParts {
  readonly sessions: Pick<Sessions, 'getSession'>
  readonly ports: Pick<SessionPorts, 'list'>
}

/** `GET /sessions/:id/ports`: where the session's own programs listen now, such as its web apps. */
export function portRoutes(api: Router<SignedIn>, { sessions, ports }: PortParts): void {
  api.get('/sessions/:id/ports', async (ctx) => {
    const session = sessions.getSession(ctx.state.user, pathId(ctx.params))
    ctx.body = { items: portsJson(session.id, await ports.list(session)) }
  })
}

/** The ports as the API answers them, each once although it may be served at two addresses. */
export function portsJson(sessionId: string, ports: readonly JobPort[]) {
  const byPort = new Map(ports.toReversed().map((each) => [each.port, each]))
  return [...byPort.values()]
    .sort((a, b) => a.port - b.port)
    .map(({ port, process }) => ({ port, process, url: `/s/${sessionId}/p/${port}/` }))
}
