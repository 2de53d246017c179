import { z } from 'zod'
import { ABSOLUTE_PATH, absolutePath, KEY_FACTS } from './key-facts.ts'

const DECADE_DAYS = 3650

/** Days after the end of a job, which may change while we run. */
const days = (standard: number, description: string) =>
  z
    .int()
    .min(1)
    .max(DECADE_DAYS)
    .default(standard)
    .register(KEY_FACTS, { description, unit: 'days', reloadable: true })

/** The keys of `[jobs]` that say where and for how long it is kept what jobs print. */
export const jobOutputKeys = {
  directory: absolutePath.optional().register(KEY_FACTS, {
    description: 'Where it is kept what jobs print; only the account of the node may enter it.',
    otherwise: 'the folder job-output in data.directory',
    example: '/srv/atelier/job-output',
    right: ABSOLUTE_PATH,
  }),
  shared: z.boolean().default(false).register(KEY_FACTS, {
    description:
      'Whether all nodes see the same jobs.directory, as on a network file system: then each of them shows what any job has printed, also while the node is away that ran it.',
  }),
  output_days: days(
    30,
    'How long it is kept what a job has printed and used, from its end on; the job itself stays in the list.',
  ),
  history_days: days(365, 'How long a job stays in the list, from its end on.'),
  output_limit_mib: z.int().min(1).max(1_000_000).default(1024).register(KEY_FACTS, {
    description:
      'How much is kept of what one job prints; its beginning is, and what comes later is not. The job goes on.',
    unit: 'MiB',
    reloadable: true,
  }),
} as const
