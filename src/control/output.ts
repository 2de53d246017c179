import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Launcher } from '../launcher/launcher.ts'
import type { Locations } from '../sessions/locations.ts'
import { isFinal } from '../sessions/session.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Api, StreamOf } from './api.ts'

const JOB_POLL_MS = 100

/** What the output stream needs. */
export interface OutputParts {
  readonly sessions: Sessions
  readonly locations: Pick<Locations, 'get'>
  readonly launcher: Pick<Launcher, 'output'>
  /** Removes the session's secret from what its IDE printed. */
  readonly scrub: (sessionId: string, text: string) => string
  readonly stopping: AbortSignal
}

const followOutput = {
  id: 'followOutput',
  method: 'get',
  path: '/sessions/{id}/output',
  summary: "What the session's IDE prints, from its first line, as it prints it",
  params: { id: z.string() },
  errors: ['SESSION_NOT_FOUND', 'SESSION_MOVED', 'SESSION_LOST', 'NODE_UNREACHABLE'],
  atHolder: true,
  events: {
    message: z.object({ type: z.enum(['stdout', 'stderr', 'mixed']), output: z.string() }),
    end: z.object({}).describe('The IDE prints nothing more.'),
  },
} as const

/** `GET /sessions/{id}/output`: what the session's IDE prints, from its first line, as it prints it. */
export function outputRoutes(api: Api, parts: OutputParts): void {
  api.addStream('read', followOutput, ({ user, params }) => {
    const { id } = parts.sessions.getSession(user, params.id)
    return (stream) => void follow(stream, id, parts)
  })
}

async function follow(
  stream: StreamOf<typeof followOutput>,
  sessionId: string,
  { locations, launcher, scrub, stopping }: OutputParts,
): Promise<void> {
  try {
    const signal = AbortSignal.any([stream.signal, stopping])
    const jobId = await awaitJob(locations, sessionId, signal)
    for await (const { type, output } of jobId === null ? [] : launcher.output(jobId, signal)) {
      stream.send('message', { type, output: scrub(sessionId, output) })
      await stream.drained()
    }
    stream.send('end', {})
  } catch {
    // The browser's EventSource asks again by itself and then hears the reason from the API.
  } finally {
    stream.end()
  }
}

/** The job of a session that has just been created comes a moment later; null if the session ends without one. */
async function awaitJob(
  locations: Pick<Locations, 'get'>,
  sessionId: string,
  signal: AbortSignal,
): Promise<string | null> {
  for (;;) {
    const session = locations.get(sessionId)
    if (session === undefined || session.jobId !== null || isFinal(session.state)) {
      return session?.jobId ?? null
    }
    await delay(JOB_POLL_MS, undefined, { signal })
  }
}
