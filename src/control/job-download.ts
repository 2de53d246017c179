import { Readable } from 'node:stream'
import { z } from 'zod'
import { OutputReader } from '../jobs/output/output-reader.ts'
import type { Api } from './api.ts'
import { OUTPUT_ERRORS, type JobOutputAccess, type ToldJob } from './job-access.ts'
import { LAST_PLACE, queryPlace } from './query-fields.ts'

const readJobOutput = {
  id: 'readJobOutput',
  method: 'get',
  path: '/jobs/{id}/output',
  summary: 'What a job has printed so far, as it is',
  params: { id: z.string() },
  query: {
    from: queryPlace().describe('The first byte, counted from 0.'),
    to: queryPlace(LAST_PLACE).describe('The byte after it; by itself all that there is.'),
    download: z.enum(['true', 'false']).default('false').describe('To be kept as a file.'),
  },
  errors: OUTPUT_ERRORS,
  atHolder: 'job',
  answers: {
    200: {
      description: 'The bytes of both streams, in the order in which they came.',
      headers: { 'Content-Disposition': 'The name of the file, for a download.' },
      texts: { 'text/plain': 'Bytes of UTF-8.' },
    },
  },
} as const

/** `GET /jobs/{id}/output`: what a job has printed so far, as a whole or in part. */
export function jobDownloadRoutes(api: Api, { jobFor, jobFiles }: JobOutputAccess): void {
  api.add('read', readJobOutput, async (request) => {
    const { params, query } = request
    const job = await jobFor(request, params.id)
    const reader = await OutputReader.open(jobFiles(job.id))
    const size = (await reader?.size()) ?? 0
    const to = Math.min(size, query.to)
    const length = Math.max(0, to - query.from)
    const headers = {
      'Cache-Control': 'no-store',
      'Content-Length': String(length),
      ...(query.download === 'true' && { 'Content-Disposition': dispositionOf(job) }),
    }
    const content =
      reader === undefined
        ? ''
        : // One that is never read, such as by HEAD, is closed too.
          Readable.from(reader.chunks(query.from, to), { objectMode: false }).once(
            'close',
            () => void reader.close(),
          )
    return { status: 200, headers, text: { type: 'text/plain; charset=utf-8', content } }
  })
}

/** The header that gives a download its name: that of the job, of which only plain letters are left. */
export function dispositionOf({ id, name }: ToldJob): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80)
  return `attachment; filename="${plain === '' ? 'job' : plain}-${id}.txt"`
}
