import { isDeepStrictEqual } from 'node:util'
import type Router from '@koa/router'
import type { IdeStatus } from '../ides/ide.ts'
import type { Locations } from '../sessions/locations.ts'
import type { Session } from '../sessions/session.ts'
import type { Usage } from '../sessions/usage.ts'
import { eventStream, type EventStream } from './event-stream.ts'
import { sessionJson, type SessionExtras } from './session-json.ts'
import type { SignedIn } from './signed-in.ts'

const IDES_EVERY_MS = 1000

/** What the event stream listens to. */
export interface EventParts {
  readonly locations: Locations
  readonly usage: Usage
  readonly ides: { list(): Promise<readonly IdeStatus[]> }
  readonly extras: SessionExtras
  /** Aborted when the node stops, so that open streams do not hold it up. */
  readonly stopping: AbortSignal
}

/** `GET /events`: what happens to the user's sessions and to the IDEs, as it happens. */
export function eventRoutes(api: Router<SignedIn>, parts: EventParts): void {
  const { locations, usage, ides, extras, stopping } = parts

  api.get('/events', (ctx) => {
    const { user } = ctx.state
    const stream = eventStream(ctx)
    const changed = (session: Session) => {
      if (session.user === user) stream.send(sessionJson(session, extras), 'session')
    }
    const removed = (session: Session) => {
      if (session.user === user) stream.send({ id: session.id }, 'removed')
    }
    const measured = () => {
      const items = locations
        .all()
        .filter((session) => session.user === user)
        .flatMap((session) => {
          const used = usage.of(session)
          const { cpuPercent, residentBytes: memoryBytes } = used ?? {}
          return used ? [{ id: session.id, cpuPercent, memoryBytes }] : []
        })
      if (items.length > 0) stream.send({ items }, 'usage')
    }
    const stop = () => stream.end()
    const ideTimer = setInterval(tellIdes(ides, stream), IDES_EVERY_MS)

    locations.on('changed', changed)
    locations.on('removed', removed)
    usage.on('measured', measured)
    stopping.addEventListener('abort', stop)
    stream.signal.addEventListener('abort', () => {
      clearInterval(ideTimer)
      locations.off('changed', changed)
      locations.off('removed', removed)
      usage.off('measured', measured)
      stopping.removeEventListener('abort', stop)
    })
  })
}

function tellIdes(ides: EventParts['ides'], stream: EventStream): () => void {
  let told: readonly IdeStatus[] | undefined
  return () => {
    void ides.list().then((items) => {
      if (told !== undefined && !isDeepStrictEqual(items, told)) stream.send({ items }, 'ides')
      told = items
    })
  }
}
