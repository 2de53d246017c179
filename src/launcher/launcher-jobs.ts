import { Readable } from 'node:stream'
import type { Log } from '../log.ts'
import { JobFeed } from './job-feed.ts'
import type { Job, JobNetwork, JobOperation, JobPort, JobSpec } from './job.ts'
import {
  clusterInfoRequest,
  controlRequest,
  getRequest,
  listRequest,
  networkRequest,
  outputRequest,
  portsRequest,
} from './job-requests.ts'
import { outputTail } from './output-tail.ts'
import { PLUGIN_ERROR, PluginError } from './plugin-error.ts'
import type { PluginProcess } from './plugin-process.ts'
import { RESPONSES } from './protocol-schemas.ts'
import { Submissions } from './submissions.ts'
import { usageStream } from './usage-feed.ts'

/** How the Launcher is: Yellow while its plugin is being restarted, Red when that keeps failing. */
export interface LauncherStatus {
  readonly status: 'Green' | 'Yellow' | 'Red'
  readonly uptimeSeconds: number
}

/** Restarts in a row without success after which the Launcher calls itself Red. */
const RED_AFTER = 5

/**
 * The jobs of one plugin. It knows of them only what the plugin tells it, so it may end at any time. Throws
 * PluginError where the plugin does.
 */
export class LauncherJobs {
  readonly #plugin: PluginProcess
  readonly #feed: JobFeed
  readonly #submissions: Submissions
  readonly #log: Log
  readonly #startedAt = performance.now()

  constructor({ plugin, log }: { plugin: PluginProcess; log: Log }) {
    this.#plugin = plugin
    this.#log = log
    this.#feed = new JobFeed({ plugin, log })
    this.#submissions = new Submissions({ plugin })
  }

  /** Begins to follow what the plugin tells. */
  start(): void {
    this.#feed.start()
  }

  /** Follows the plugin no more. */
  async stop(): Promise<void> {
    await this.#feed.stop()
  }

  /** Answered from memory, also while the plugin is away. */
  status(): LauncherStatus {
    const uptimeSeconds = (performance.now() - this.#startedAt) / 1000
    if (this.#plugin.isReady) return { status: 'Green', uptimeSeconds }
    return { status: this.#plugin.failures < RED_AFTER ? 'Yellow' : 'Red', uptimeSeconds }
  }

  /** What the Launcher cluster can do, in the plugin's own words. */
  async clusterInfo(): Promise<object> {
    return this.#plugin.request(clusterInfoRequest(), RESPONSES.clusterInfo)
  }

  /** Starts a job, once per key. */
  async submit(spec: JobSpec, key: string): Promise<Job> {
    return this.#submissions.submit(spec, key)
  }

  /** Jobs that carry all of these tags. */
  async list(tags: readonly string[]): Promise<readonly Job[]> {
    const { jobs } = await this.#plugin.request(listRequest(tags), RESPONSES.jobs)
    return jobs ?? []
  }

  /** One job. Throws PluginError with code 3 if there is none. */
  async get(id: string): Promise<Job> {
    // `*` would be answered with all jobs.
    const jobs = id === '*' ? [] : await this.#read(id)
    if (jobs[0] !== undefined) return jobs[0]
    throw new PluginError(PLUGIN_ERROR.jobNotFound, 'there is no such job')
  }

  /** Does something to a job; returns when it is done or under way. */
  async control(id: string, operation: JobOperation): Promise<void> {
    const answer = await this.#plugin.request(controlRequest(id, operation), RESPONSES.control)
    if (!answer.operationComplete) {
      throw new PluginError(PLUGIN_ERROR.controlFailure, answer.statusMessage)
    }
  }

  /** Where a running job answers. */
  async network(id: string): Promise<JobNetwork> {
    const answer = await this.#plugin.request(networkRequest(id), RESPONSES.network)
    const socket = answer.endpoints?.find((endpoint) => endpoint.startsWith('unix:'))
    return {
      host: answer.host,
      ipAddresses: answer.ipAddresses ?? [],
      socket: socket?.slice('unix:'.length) ?? null,
    }
  }

  /** Where processes of a running job listen now. Throws PluginError with code 1 if the plugin cannot tell. */
  async ports(id: string): Promise<readonly JobPort[]> {
    const { ports } = await this.#plugin.request(portsRequest(id), RESPONSES.network)
    if (ports) return ports
    throw new PluginError(
      PLUGIN_ERROR.notSupported,
      'The Launcher cluster of this session cannot tell which web apps it serves.',
    )
  }

  /** The last `bytes` of what the job has written. */
  async tail(id: string, bytes: number): Promise<string> {
    return outputTail(this.#plugin, id, bytes)
  }

  /** What the job has written and writes until it ends, as a stream of JobOutput. */
  async output(id: string): Promise<AsyncIterable<unknown>> {
    await this.get(id)
    const answers = this.#plugin.stream(outputRequest(id), RESPONSES.output)
    return (async function* () {
      for await (const { output, outputType } of answers) {
        if (output !== '') yield { type: outputType, output }
      }
    })()
  }

  /** Every job there is, then each that changes, as a stream of Job without an end. */
  async watch(): Promise<AsyncIterable<unknown>> {
    const jobs = new Readable({
      objectMode: true,
      read() {},
      destroy(error, done) {
        leave()
        done(error)
      },
    })
    const early: Job[] = []
    let tell = (job: Job): unknown => early.push(job)
    const leave = this.#feed.listen((job) => tell(job))
    try {
      for (const job of [...(await this.list([])), ...early]) jobs.push(job)
    } catch (error) {
      jobs.destroy()
      throw error
    }
    tell = (job) => jobs.push(job)
    return jobs
  }

  /** What each running job uses, as an endless stream of JobUsage. */
  async usage(): Promise<AsyncIterable<unknown>> {
    return usageStream({ plugin: this.#plugin, feed: this.#feed, log: this.#log })
  }

  async #read(id: string): Promise<readonly Job[]> {
    const { jobs } = await this.#plugin.request(getRequest(id), RESPONSES.jobs)
    return jobs ?? []
  }
}
