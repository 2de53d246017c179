import { z } from 'zod'
import {
  isFinalJob,
  JOB_DESIRES,
  JOB_KINDS,
  JOB_STATES,
  type WorkbenchJob,
} from '../jobs/workbench-job.ts'
import type { DeepReadonly } from './deep-readonly.ts'

const time = z.iso.datetime()

/** A Workbench job as the API answers it. */
export const jobAnswer = z
  .object({
    id: z.string(),
    user: z.string().describe('Whose it is.'),
    name: z.string().describe('What its owner calls it.'),
    kind: z.enum(JOB_KINDS),
    script: z.string().nullable().describe('The file that is run; null for a command.'),
    command: z.string().nullable().describe('The allowed command that is run; null for a file.'),
    args: z.array(z.string()),
    environmentNames: z
      .array(z.string())
      .describe('The names of its environment variables; their values are not told.'),
    workingDirectory: z.string().nullable().describe('Null for the folder of the file.'),
    python: z.string().nullable().describe('The id of the chosen Python; null for the usual one.'),
    r: z.string().nullable().describe('The id of the chosen R; null for the usual one.'),
    cluster: z.string().nullable().describe('The Launcher cluster; null for the default one.'),
    profile: z.string().nullable().describe('The resource profile; null if there was none.'),
    limits: z
      .object({
        cpus: z.number().nullable().describe('Processors.'),
        memoryBytes: z.number().nullable(),
      })
      .describe('What it may use at most; null for everything.'),
    schedule: z.string().nullable().describe('The schedule that started it.'),
    tick: time.nullable().describe('For when that started it.'),
    session: z.string().nullable().describe('The session that it was submitted from.'),
    node: z.string().describe('The name of the node whose Launcher runs it.'),
    host: z.string().nullable().describe('Where it runs, as the Launcher says.'),
    state: z
      .enum(JOB_STATES)
      .describe('Finished, Failed, Killed and Canceled are final; Finished has an exit code.'),
    desired: z.enum(JOB_DESIRES).describe('What is wanted of it.'),
    reason: z.string().nullable().describe('Why it is in this state, as a sentence.'),
    exitCode: z.int().nullable(),
    createdAt: time,
    stateAt: time.describe('When the present state began.'),
    startedAt: time.nullable(),
    endedAt: time.nullable(),
    cpuSeconds: z.number().nullable().describe('What it used in all; null while it runs.'),
    peakMemoryBytes: z.number().nullable().describe('The most it had at a time.'),
    cpuPercent: z.number().nullable().describe('Percent of one processor; null if not known.'),
    memoryBytes: z.number().nullable().describe('Null if not known.'),
    outputBytes: z.number().nullable().describe('What it printed; null while it runs.'),
    outputRemovedAt: time.nullable().describe('When what it printed was removed.'),
    webhook: z.string().nullable().describe('Where it is told that it has ended.'),
    version: z.int().describe('Grows with every change of its row.'),
    reachable: z.boolean().describe('False while its node does not answer.'),
  })
  .meta({ id: 'Job', description: 'A script that is run to its end.' })

/** The same as a type. */
export type JobJson = DeepReadonly<z.input<typeof jobAnswer>>

/** What the answer adds to the job's row, from memory. */
export interface JobExtras {
  /** What it uses now; null where that is not known. */
  usage(job: WorkbenchJob): {
    readonly cpuPercent: number | null
    readonly memoryBytes: number | null
  }
  /** False while its node does not answer. */
  isReachable(job: WorkbenchJob): boolean
}

/** The job's answer; see `jobAnswer`. */
export function jobJson(job: WorkbenchJob, extras: JobExtras): JobJson {
  const { epoch: _epoch, submittedAt: _handed, jobId: _jobId, ...told } = job
  const { environment, limits, createdAt, stateAt, ...rest } = told
  return {
    ...rest,
    environmentNames: Object.keys(environment),
    limits: { cpus: limits?.cpus ?? null, memoryBytes: limits?.memoryBytes ?? null },
    tick: iso(job.tick),
    createdAt: createdAt.toISOString(),
    stateAt: stateAt.toISOString(),
    startedAt: iso(job.startedAt),
    endedAt: iso(job.endedAt),
    outputRemovedAt: iso(job.outputRemovedAt),
    ...extras.usage(job),
    reachable: isFinalJob(job.state) || (job.state !== 'Lost' && extras.isReachable(job)),
  }
}

function iso(date: Date | null): string | null {
  return date?.toISOString() ?? null
}
