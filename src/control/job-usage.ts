import { z } from 'zod'
import { thinned } from '../jobs/output/usage-samples.ts'
import { readUsage } from '../jobs/output/usage-writer.ts'
import type { Api } from './api.ts'
import { OUTPUT_ERRORS, type JobOutputAccess } from './job-access.ts'

const SAMPLES_MOST = 500

const readJobUsage = {
  id: 'readJobUsage',
  method: 'get',
  path: '/jobs/{id}/usage',
  summary: 'What a job has used over its life',
  params: { id: z.string() },
  errors: OUTPUT_ERRORS,
  atHolder: 'job',
  answers: {
    200: {
      description: 'At most 500 samples, farther apart the longer the job ran.',
      body: z.object({
        samples: z.array(
          z.object({
            at: z.iso.datetime(),
            cpuPercent: z.number().describe('Of one processor, since the sample before.'),
            memoryBytes: z.number().describe('The most since the sample before.'),
          }),
        ),
      }),
    },
  },
} as const

/** `GET /jobs/{id}/usage`: what a job has used over its life. */
export function jobUsageRoutes(api: Api, { jobFiles }: JobOutputAccess): void {
  api.add('read', readJobUsage, async ({ params: { id } }) => {
    const samples = thinned(await readUsage(jobFiles(id)), SAMPLES_MOST)
    const told = samples.map(({ at, cpuPercent, memoryBytes }) => ({
      at: new Date(at).toISOString(),
      cpuPercent,
      memoryBytes,
    }))
    return { status: 200, body: { samples: told } }
  })
}
