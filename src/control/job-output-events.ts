import { z } from 'zod'
import { followOutput } from '../jobs/output/follow-output.ts'
import { OutputReader } from '../jobs/output/output-reader.ts'
import type { Api, StreamOf } from './api.ts'
import { OUTPUT_ERRORS, type JobOutputAccess } from './job-access.ts'
import { queryPlace } from './query-fields.ts'

const followJob = {
  id: 'followJob',
  method: 'get',
  path: '/jobs/{id}/output/events',
  summary: 'What a job prints, as it prints it',
  description:
    'The id of an event is where the next one begins: who comes back with Last-Event-ID misses nothing and gets nothing twice.',
  params: { id: z.string() },
  query: { from: queryPlace().describe('The first byte, counted from 0.') },
  headers: {
    'last-event-id': z
      .string()
      .regex(/^\d{1,15}$/)
      .optional(),
  },
  errors: OUTPUT_ERRORS,
  atHolder: 'job',
  events: {
    output: z.object({
      from: z.int().describe('The first byte of it.'),
      to: z.int().describe('The byte after it.'),
      pieces: z.array(z.object({ type: z.enum(['stdout', 'stderr', 'mixed']), text: z.string() })),
    }),
    size: z
      .object({ lines: z.int(), bytes: z.int(), complete: z.boolean() })
      .describe('How much there is, when that has changed.'),
    end: z.object({}).describe('The job prints nothing more.'),
  },
} as const

/** `GET /jobs/{id}/output/events`: what a job prints, as it prints it. */
export function jobOutputEventRoutes(api: Api, parts: JobOutputAccess): void {
  api.addStream('read', followJob, ({ params, query, headers }) => {
    const last = headers['last-event-id']
    const from = last === undefined ? query.from : Number(last)
    return (stream) => void follow(stream, { id: params.id, from }, parts)
  })
}

async function follow(
  stream: StreamOf<typeof followJob>,
  { id, from }: { id: string; from: number },
  { jobFiles, isJobComplete, stopping }: JobOutputAccess,
): Promise<void> {
  const signal = AbortSignal.any([stream.signal, stopping])
  try {
    const events = followOutput({
      open: () => OutputReader.open(jobFiles(id)),
      from,
      isComplete: () => isJobComplete(id),
      signal,
    })
    for await (const event of events) {
      if (event.kind === 'size') stream.send('size', event.size)
      else stream.send('output', event.told, String(event.told.to))
      await stream.drained()
    }
    if (!signal.aborted) stream.send('end', {})
  } catch {
    // The browser's EventSource asks again by itself, from where it was.
  } finally {
    stream.end()
  }
}
