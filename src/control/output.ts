import type Router from '@koa/router'
import { AtelierError } from '../errors.ts'
import type { Launcher } from '../launcher/launcher.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { eventStream, type EventStream } from './event-stream.ts'
import { pathId } from './parse.ts'
import type { SignedIn } from './signed-in.ts'

/** What the output stream needs. */
export interface OutputParts {
  readonly sessions: Sessions
  readonly launcher: Pick<Launcher, 'output'>
  /** Removes the session's secret from what its IDE printed. */
  readonly scrub: (sessionId: string, text: string) => string
  readonly stopping: AbortSignal
}

/** `GET /sessions/:id/output`: what the session's IDE prints, from its first line, as it prints it. */
export function outputRoutes(api: Router<SignedIn>, parts: OutputParts): void {
  api.get('/sessions/:id/output', (ctx) => {
    const { id, jobId } = parts.sessions.getSession(ctx.state.user, pathId(ctx.params))
    if (jobId === null) throw new AtelierError('SESSION_NOT_READY')
    void follow(eventStream(ctx), id, jobId, parts)
  })
}

async function follow(
  stream: EventStream,
  sessionId: string,
  jobId: string,
  { launcher, scrub, stopping }: OutputParts,
): Promise<void> {
  try {
    const signal = AbortSignal.any([stream.signal, stopping])
    for await (const { type, output } of launcher.output(jobId, signal)) {
      stream.send({ type, output: scrub(sessionId, output) })
      await stream.drained()
    }
    stream.send({}, 'end')
  } catch {
    // The browser's EventSource asks again by itself and then hears the reason from the API.
  } finally {
    stream.end()
  }
}
