import { z } from 'zod'
import { JOB_KINDS } from '../jobs/workbench-job.ts'

const text = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[^\0]*$/, 'must not hold NUL')

const path = text(4096).startsWith('/', 'must be an absolute path')
const choice = (what: string) => text(1000).min(1).nullable().default(null).describe(what)

/** What is to be run. */
export const jobBody = z
  .strictObject({
    name: z
      .string()
      .trim()
      .max(100)
      .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not hold control characters')
      .default('')
      .describe('What you call it; by itself the name of the file or command.'),
    script: path.nullable().default(null).describe('The file that is to be run.'),
    command: text(200).min(1).nullable().default(null).describe('Or an allowed command.'),
    kind: z
      .enum(JOB_KINDS)
      .optional()
      .describe('What it is; found from the end of its name for .R, .py, .sh, .bash and .ipynb.'),
    args: z.array(text(32_768)).max(1000).default([]),
    environment: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,254}$/), text(32_768))
      .default({})
      .describe('Variables for it; their values are never told again.'),
    workingDirectory: path
      .nullable()
      .default(null)
      .describe('Null for the folder of the file, or for your home.'),
    python: choice('The id of a Python of /versions; null for the usual one.'),
    r: choice('The id of an R of /versions; null for the usual one.'),
    cluster: choice('The Launcher cluster; null for the default one.'),
    profile: choice('The name of a resource profile; null for the usual one.'),
    webhook: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .nullable()
      .default(null)
      .describe('Where it is told when it has ended; null for nowhere.'),
  })
  .meta({ id: 'SubmitJob', description: 'What is to be run. Name a script or a command.' })

/** How a job is stopped. */
export const stopBody = z
  .strictObject({
    force: z.boolean().default(false).describe('Kill it without asking it first.'),
  })
  .meta({ id: 'StopJob', description: 'How a job is stopped.' })
