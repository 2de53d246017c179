import type Router from '@koa/router'
import type { IdeWatch } from '../ides/ide-watch.ts'
import type { Locations } from '../sessions/locations.ts'
import type { Session } from '../sessions/session.ts'
import type { Usage } from '../sessions/usage.ts'
import { eventStream } from './event-stream.ts'
import { sessionJson, sessionTimes, type SessionExtras } from './session-json.ts'
import type { SignedIn } from './signed-in.ts'

/** What the event stream listens to. */
export interface EventParts {
  readonly locations: Locations
  readonly usage: Usage
  readonly ideWatch: IdeWatch
  readonly extras: SessionExtras
  /** Aborted when the node stops, so that open streams do not hold it up. */
  readonly stopping: AbortSignal
}

/** `GET /events`: what happens to the user's sessions and to the IDEs, as it happens. */
export function eventRoutes(api: Router<SignedIn>, parts: EventParts): void {
  const { locations, usage, ideWatch, extras, stopping } = parts

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
          const times = sessionTimes(session, extras)
          return used ? [{ id: session.id, cpuPercent, memoryBytes, ...times }] : []
        })
      if (items.length > 0) stream.send({ items }, 'usage')
    }
    const stop = () => stream.end()
    const unlisten = ideWatch.listen((items) => stream.send({ items }, 'ides'))

    locations.on('changed', changed)
    locations.on('removed', removed)
    usage.on('measured', measured)
    stopping.addEventListener('abort', stop)
    stream.signal.addEventListener('abort', () => {
      unlisten()
      locations.off('changed', changed)
      locations.off('removed', removed)
      usage.off('measured', measured)
      stopping.removeEventListener('abort', stop)
    })
  })
}
