import type { Log } from '../../log.ts'
import { PLUGIN_ERROR, PluginError } from '../../launcher/plugin-error.ts'
import { RESPONSE } from '../../launcher/protocol.ts'
import type { RequestOf } from '../../launcher/protocol-schemas.ts'
import type { Answer, Answers } from './answers.ts'
import type { LocalJob } from './job.ts'
import type { LocalJobs } from './jobs.ts'
import { listProcesses, readMemory, type Process } from './processes.ts'
import { Subscribers } from './subscribers.ts'
import { countTerminalPrograms } from './terminal-programs.ts'
import { cpuPercent, cpuSeconds, type UsageSample } from './usage.ts'

const MEGABYTE = 1_048_576

/** Tells what running jobs use, as long as somebody listens: one look at all processes for all jobs. */
export class UsageStream {
  readonly #jobs: LocalJobs
  readonly #answers: Answers
  readonly #interval: number
  readonly #log: Log
  readonly #subscribers = new Subscribers()
  readonly #samples = new Map<string, UsageSample>()
  #timer: NodeJS.Timeout | undefined

  /** `interval` is the time between two answers, in ms. */
  constructor(options: { jobs: LocalJobs; answers: Answers; interval: number; log: Log }) {
    this.#jobs = options.jobs
    this.#answers = options.answers
    this.#interval = options.interval
    this.#log = options.log
  }

  /** Opens or closes the stream of a request. Throws PluginError if the job does not run. */
  handle(request: RequestOf<7>): void {
    if (request.cancel) {
      this.#subscribers.delete(request.requestId)
      return this.#rest()
    }
    if (this.#jobs.find(request).record.status !== 'Running') {
      throw new PluginError(PLUGIN_ERROR.jobNotRunning, 'The job is not running.')
    }
    this.#subscribers.add(request)
    if (this.#timer !== undefined) return
    this.#timer = setInterval(() => void this.#tell(), this.#interval).unref()
    // CPU use is measured between two looks; this is the first.
    this.#measure()
  }

  /** Ends the streams of a job that has ended. */
  async tellEnd({ record }: LocalJob): Promise<void> {
    const sequences = this.#subscribers.sequences(record)
    this.#subscribers.deleteJob(record.id)
    this.#rest()
    await this.#answers.sendToAll(sequences, { messageType: RESPONSE.usage, complete: true })
  }

  /** Ends all measuring. */
  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#samples.clear()
  }

  #rest(): void {
    if (this.#subscribers.isEmpty) this.stop()
  }

  async #tell(): Promise<void> {
    try {
      for (const [job, usage] of this.#measure()) {
        await this.#answers.sendToAll(this.#subscribers.sequences(job.record), usage)
      }
    } catch (error) {
      this.#log.warn({ err: error }, 'What the jobs use cannot be told')
    }
  }

  #measure(): Map<LocalJob, Answer> {
    const processes = listProcesses()
    const running = this.#jobs.list().filter(({ record }) => record.status === 'Running')
    return new Map(running.map((job) => [job, this.#usage(job, processes)]))
  }

  #usage(job: LocalJob, all: readonly Process[]): Answer {
    const { id } = job.record
    const processes = job.processes(all)
    const now = { at: performance.now(), cpuSeconds: cpuSeconds(processes) }
    const before = this.#samples.get(id) ?? now
    this.#samples.set(id, now)
    const memory = processes.map(({ pid }) => readMemory(pid))
    const megabytes = (kind: 'residentBytes' | 'virtualBytes') =>
      memory.reduce((sum, each) => sum + each[kind], 0) / MEGABYTE
    const together = job.memory
    return {
      messageType: RESPONSE.usage,
      cpuPercent: cpuPercent(before, now),
      cpuTime: now.cpuSeconds,
      // Pages that several processes share count once there.
      residentMemory: together === undefined ? megabytes('residentBytes') : together / MEGABYTE,
      virtualMemory: megabytes('virtualBytes'),
      terminalPrograms: countTerminalPrograms(processes),
      complete: false,
    }
  }
}
