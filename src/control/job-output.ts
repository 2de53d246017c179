import { z } from 'zod'
import { OUTPUT_TYPES } from '../launcher/protocol.ts'
import type { LauncherClusters } from '../launcher/launcher.ts'
import type { Api, StreamOf } from './api.ts'

/** What the output stream of jobs needs. */
export interface JobOutputParts {
  readonly launcher: Pick<LauncherClusters, 'get' | 'output'>
  /** Removes what is secret of a session from what its job printed. */
  readonly scrub: (sessionId: string, text: string) => string
  readonly stopping: AbortSignal
}

const SESSION = 'session:'

const followJobOutput = {
  id: 'followLauncherJobOutput',
  method: 'get',
  path: '/launcher/jobs/{id}/output',
  summary: 'What a job prints, from its first line, as it prints it',
  params: { id: z.string() },
  query: { type: z.enum(OUTPUT_TYPES).default('both') },
  administrators: true,
  events: {
    message: z.object({ type: z.enum(['stdout', 'stderr', 'mixed']), output: z.string() }),
    end: z.object({}).describe('It prints nothing more, or there is no such job.'),
  },
} as const

/** `GET /launcher/jobs/{id}/output`: what a job prints; for administrators. */
export function jobOutputRoutes(api: Api, parts: JobOutputParts): void {
  api.addStream('admin', followJobOutput, ({ params, query }) => {
    return (stream) => void follow(stream, { id: params.id, type: query.type }, parts)
  })
}

async function follow(
  stream: StreamOf<typeof followJobOutput>,
  { id, type }: { id: string; type: (typeof OUTPUT_TYPES)[number] },
  { launcher, scrub, stopping }: JobOutputParts,
): Promise<void> {
  try {
    const signal = AbortSignal.any([stream.signal, stopping])
    const job = await launcher.get(id)
    const session = job?.tags.find((tag) => tag.startsWith(SESSION))?.slice(SESSION.length)
    for await (const piece of job === undefined ? [] : launcher.output(id, signal, type)) {
      const output = session === undefined ? piece.output : scrub(session, piece.output)
      stream.send('message', { type: piece.type, output })
      await stream.drained()
    }
    stream.send('end', {})
  } catch {
    // The browser's EventSource asks again by itself.
  } finally {
    stream.end()
  }
}
