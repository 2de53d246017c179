import type { ClusterLog } from './cluster-log.ts'
import type { AnswerStream } from './answer-stream.ts'
import type { Job, JobUsage } from './job.ts'
import type { JobListener } from './job-feed.ts'
import { toldStream, type Told } from './job-stream.ts'
import type { RESPONSES } from './protocol-schemas.ts'

type UsageAnswer = (typeof RESPONSES.usage)['_output']

/** What the jobs of a Launcher cluster use is told by. */
export interface UsageParts {
  /** Calls a listener for each job that changes, until the returned function is called. */
  readonly listen: (listener: JobListener) => () => void
  readonly log: ClusterLog
  /** The jobs there are now. */
  readonly listJobs: () => Promise<readonly Job[]>
  /** The answers on what one running job uses. */
  readonly measure: (job: Job) => AnswerStream<UsageAnswer>
}

/**
 * What every running job uses, as an endless stream of JobUsage: jobs join when they begin to run, and again after a
 * restart of the plugin. Destroying the stream ends the measuring. Throws PluginError while the plugin is away.
 */
export async function usageStream(parts: UsageParts): Promise<Told<JobUsage>> {
  const { log, listJobs } = parts
  const measured = new Map<string, AnswerStream<UsageAnswer>>()

  const measure = async (job: Job) => {
    try {
      const answers = parts.measure(job)
      measured.set(job.id, answers)
      for await (const answer of answers) if (!answer.complete) tell(toUsage(job.id, answer))
    } catch (error) {
      log.debug({ err: error, job: job.id }, 'What a job uses is not told')
    }
    measured.delete(job.id)
  }
  const join = (job: Job) => {
    if (job.status === 'Running' && !measured.has(job.id)) void measure(job)
  }
  const { told, tell } = toldStream<JobUsage>(() => {
    leave()
    for (const answers of measured.values()) answers.destroy()
  })
  const leave = parts.listen(join)
  try {
    for (const job of await listJobs()) join(job)
  } catch (error) {
    told.destroy()
    throw error
  }
  return told
}

/** What a plugin says a job uses, in our units. */
export function toUsage(id: string, answer: UsageAnswer): JobUsage {
  return {
    id,
    cpuPercent: answer.cpuPercent,
    cpuSeconds: answer.cpuTime,
    residentBytes: Math.round(answer.residentMemory * 1024 * 1024),
    virtualBytes: Math.round(answer.virtualMemory * 1024 * 1024),
    terminalPrograms: answer.terminalPrograms ?? null,
  }
}
