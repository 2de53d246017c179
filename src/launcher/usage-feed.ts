import { Readable } from 'node:stream'
import type { Log } from '../log.ts'
import type { Job, JobUsage } from './job.ts'
import type { JobFeed } from './job-feed.ts'
import { listRequest, usageRequest } from './job-requests.ts'
import type { AnswerStream } from './plugin-connection.ts'
import type { PluginProcess } from './plugin-process.ts'
import { RESPONSES } from './protocol-schemas.ts'

type UsageAnswer = (typeof RESPONSES.usage)['_output']

/**
 * What every running job uses, as an endless stream of JobUsage: jobs join when they begin to run, and again after a
 * restart of the plugin. Destroying the stream ends the measuring. Throws PluginError while the plugin is away.
 */
export async function usageStream(parts: {
  readonly plugin: PluginProcess
  readonly feed: JobFeed
  readonly log: Log
}): Promise<Readable> {
  const { plugin, feed, log } = parts
  const measured = new Map<string, AnswerStream<UsageAnswer>>()

  const measure = async (id: string) => {
    try {
      const answers = plugin.stream(usageRequest(id), RESPONSES.usage)
      measured.set(id, answers)
      for await (const answer of answers) if (!answer.complete) usages.push(toUsage(id, answer))
    } catch (error) {
      log.debug({ err: error, job: id }, 'What a job uses is not told')
    }
    measured.delete(id)
  }
  const join = (job: Job) => {
    if (job.status === 'Running' && !measured.has(job.id)) void measure(job.id)
  }
  const leave = feed.listen(join)
  const usages = new Readable({
    objectMode: true,
    read() {},
    destroy(error, done) {
      leave()
      for (const answers of measured.values()) answers.destroy()
      done(error)
    },
  })
  try {
    const { jobs } = await plugin.request(listRequest([]), RESPONSES.jobs)
    jobs?.forEach(join)
  } catch (error) {
    usages.destroy()
    throw error
  }
  return usages
}

function toUsage(id: string, answer: UsageAnswer): JobUsage {
  return {
    id,
    cpuPercent: answer.cpuPercent,
    cpuSeconds: answer.cpuTime,
    residentBytes: Math.round(answer.residentMemory * 1024 * 1024),
    terminalPrograms: answer.terminalPrograms ?? null,
  }
}
