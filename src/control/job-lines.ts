import { z } from 'zod'
import { OutputReader } from '../jobs/output/output-reader.ts'
import { readLines, type OutputLines } from '../jobs/output/read-lines.ts'
import { searchLines, type FoundLines } from '../jobs/output/search-lines.ts'
import type { Api } from './api.ts'
import { OUTPUT_ERRORS, type JobOutputAccess } from './job-access.ts'
import { queryInteger, queryPlace } from './query-fields.ts'

/** Milliseconds that one search may take; it is gone on with by asking again. */
const SEARCH_MS = 1500

const params = { id: z.string() }
const NOTHING: OutputLines = { lines: [], from: 0, at: 0, total: 0, bytes: 0 }

const readJobLines = {
  id: 'readJobLines',
  method: 'get',
  path: '/jobs/{id}/lines',
  summary: 'Lines of what a job has printed',
  description:
    'A line of more than 8 KiB is cut into several. Administrators with the scope "admin" may look at the jobs of others.',
  params,
  query: {
    from: queryPlace().describe('The first line, counted from 0.'),
    count: queryInteger(1, 1000, 200).describe('How many lines at most.'),
  },
  errors: OUTPUT_ERRORS,
  atHolder: 'job',
  answers: {
    200: {
      description: 'The lines, and how much there is in all.',
      body: z.object({
        lines: z.array(
          z.object({
            text: z.string(),
            type: z.enum(['stdout', 'stderr', 'mixed']).describe('`mixed` if both wrote it.'),
          }),
        ),
        from: z.int().describe('The number of the first of them.'),
        at: z.int().describe('The byte at which it begins.'),
        total: z.int().describe('How many lines there are.'),
        bytes: z.int().describe('The size of the output.'),
        complete: z.boolean().describe('False while more may come.'),
      }),
    },
  },
} as const

const searchJobOutput = {
  id: 'searchJobOutput',
  method: 'get',
  path: '/jobs/{id}/search',
  summary: 'Lines with a text in what a job has printed',
  description:
    'Takes no longer than a moment: go on with `next` until it is null. Nothing is found across the end of a line.',
  params,
  query: {
    text: z
      .string()
      .min(1)
      .max(1000)
      .regex(/^[^\r\n]*$/, 'must be within one line')
      .describe('What is looked for, as it is.'),
    from: queryPlace().describe('The line to begin with, counted from 0.'),
    limit: queryInteger(1, 1000, 100).describe('How many lines at most.'),
    case: z.enum(['true', 'false']).default('false').describe('Whether capital letters matter.'),
  },
  errors: OUTPUT_ERRORS,
  atHolder: 'job',
  answers: {
    200: {
      description: 'Lines that have it. `next` is the line to go on with.',
      body: z.object({
        matches: z.array(z.object({ line: z.int(), text: z.string() })),
        next: z.int().nullable(),
      }),
    },
  },
} as const

/** `GET /jobs/{id}/lines` and `/search`: what a job has printed, by its lines. */
export function jobLineRoutes(api: Api, parts: JobOutputAccess): void {
  const { jobFiles, isJobComplete } = parts

  const reading = async <T>(id: string, none: T, read: (reader: OutputReader) => Promise<T>) => {
    const reader = await OutputReader.open(jobFiles(id))
    if (reader === undefined) return none
    try {
      return await read(reader)
    } finally {
      await reader.close()
    }
  }

  api.add('read', readJobLines, async ({ params: { id }, query: { from, count } }) => {
    // Asked first: what was stored before the end is there by now.
    const complete = await isJobComplete(id)
    const none = { ...NOTHING, from }
    const lines = await reading(id, none, (reader) => readLines(reader, from, count))
    return { status: 200, body: { ...lines, complete } }
  })

  api.add('read', searchJobOutput, async ({ params: { id }, query, ctx }) => {
    const until = performance.now() + SEARCH_MS
    const search = {
      text: query.text,
      from: query.from,
      limit: query.limit,
      isCaseSensitive: query.case === 'true',
      isOver: () => performance.now() > until || ctx.req.destroyed,
    }
    const none: FoundLines = { matches: [], next: null }
    return { status: 200, body: await reading(id, none, (reader) => searchLines(reader, search)) }
  })
}
