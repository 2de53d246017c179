import type { ClusterLog } from './cluster-log.ts'
import type { ClusterInfo } from './cluster-info-schema.ts'
import type { ClusterJobs } from './cluster-jobs.ts'
import {
  isFinalStatus,
  type Job,
  type JobNetwork,
  type JobOperation,
  type JobOutput,
  type JobPort,
  type JobQuery,
  type JobUsage,
  type User,
} from './job.ts'
import {
  clusterInfoRequest,
  controlRequest,
  networkRequest,
  outputRequest,
  portsRequest,
  usageRequest,
} from './job-requests.ts'
import { mapTold, toldStream, type Told } from './job-stream.ts'
import { outputTail } from './output-tail.ts'
import { PLUGIN_ERROR, PluginError } from './plugin-error.ts'
import type { PluginProcess } from './plugin-process.ts'
import type { OutputType } from './protocol.ts'
import { RESPONSES } from './protocol-schemas.ts'
import { toUsage, usageStream } from './usage-feed.ts'

/** What can be done with the jobs of one Launcher cluster, as a user. Throws PluginError where the plugin does. */
export class ClusterVerbs {
  readonly #plugin: PluginProcess
  readonly #jobs: ClusterJobs
  readonly #log: ClusterLog

  constructor({
    plugin,
    jobs,
    log,
  }: {
    plugin: PluginProcess
    jobs: ClusterJobs
    log: ClusterLog
  }) {
    this.#plugin = plugin
    this.#jobs = jobs
    this.#log = log
  }

  /** What the Launcher cluster can do for a user. */
  async info(user: User): Promise<ClusterInfo> {
    const answer = await this.#plugin.request(clusterInfoRequest(user), RESPONSES.clusterInfo)
    const { messageType: _, requestId: __, responseId: ___, ...info } = answer
    return info
  }

  /** Does something to a job; returns when it is done or under way. */
  async control(user: User, id: string, operation: JobOperation): Promise<void> {
    const request = controlRequest(await this.#jobs.own(user, id), operation)
    const answer = await this.#plugin.request(request, RESPONSES.control)
    if (!answer.operationComplete) {
      throw new PluginError(PLUGIN_ERROR.controlFailure, answer.statusMessage)
    }
  }

  /** Where a running job answers. */
  async network(user: User, id: string): Promise<JobNetwork> {
    const request = networkRequest(await this.#jobs.own(user, id))
    const { host, ipAddresses, endpoints } = await this.#plugin.request(request, RESPONSES.network)
    const socket = endpoints.find((endpoint) => endpoint.startsWith('unix:'))
    return { host, ipAddresses, socket: socket?.slice('unix:'.length) ?? null }
  }

  /** Where processes of a running job listen now. Throws PluginError with code 1 if the plugin cannot tell. */
  async ports(user: User, id: string): Promise<readonly JobPort[]> {
    const request = portsRequest(await this.#jobs.own(user, id))
    const { ports } = await this.#plugin.request(request, RESPONSES.network)
    if (ports) return ports
    throw new PluginError(
      PLUGIN_ERROR.notSupported,
      'The Launcher cluster of this session cannot tell which web apps it serves.',
    )
  }

  /** The last `bytes` of what the job has written. */
  async tail(user: User, id: string, bytes: number): Promise<string> {
    return outputTail(this.#plugin, await this.#jobs.own(user, id), bytes)
  }

  /** What the job has written and writes until it ends. */
  async output(user: User, id: string, type: OutputType): Promise<Told<JobOutput>> {
    await this.#jobs.get(user, id)
    const request = outputRequest(await this.#jobs.own(user, id), { type })
    return mapTold(
      this.#plugin.stream(request, RESPONSES.output),
      ({ output, outputType }): JobOutput | undefined =>
        output === '' ? undefined : { type: outputType, output },
    )
  }

  /** What a running job uses, until it ends. Throws PluginError with code 6 if it does not run. */
  async usageOf(user: User, id: string): Promise<Told<JobUsage>> {
    const job = await this.#jobs.get(user, id)
    if (job.status !== 'Running') {
      throw new PluginError(PLUGIN_ERROR.jobNotRunning, 'The job is not running.')
    }
    const request = usageRequest(await this.#jobs.own(user, id))
    return mapTold(this.#plugin.stream(request, RESPONSES.usage), (answer) =>
      answer.complete ? undefined : toUsage(job.id, answer),
    )
  }

  /** What each running job of a user uses, without an end; throws as `watch` does. */
  async usage(user: User, { patiently = false } = {}): Promise<Told<JobUsage>> {
    const idOf = (id: string) => this.#jobs.askedBy(user, id)
    const usages = await usageStream({
      log: this.#log,
      listen: (listener) => this.#jobs.listenOwn(user, listener),
      listJobs: () => this.#present(user, { patiently, statuses: ['Running'] }),
      measure: ({ id }) => this.#plugin.stream(usageRequest(idOf(id)), RESPONSES.usage),
    })
    return mapTold(usages, (usage) => ({ ...usage, id: idOf(usage.id).qualifiedId }))
  }

  /**
   * Every job of a user there is, then each that changes, without an end. While the plugin is away it throws; `patiently`
   * it tells the jobs once the plugin is there, as after each of its starts.
   */
  async watch(user: User, { patiently = false } = {}): Promise<Told<Job>> {
    const early: Job[] = []
    let tell = (job: Job): unknown => early.push(job)
    const leave = this.#jobs.listenOwn(user, (job) => tell(job))
    const stream = toldStream<Job>(() => leave())
    try {
      const present = await this.#present(user, { patiently })
      tell = (job) => stream.tell(this.#jobs.toldJob(job))
      for (const job of [...present, ...early]) tell(job)
    } catch (error) {
      stream.told.destroy()
      throw error
    }
    return stream.told
  }

  /** A job as it is now, and each time it changes, until it has ended. */
  async follow(user: User, id: string): Promise<Told<Job>> {
    const stream = toldStream<Job>(() => leave())
    const tell = (job: Job) => {
      stream.tell(job)
      if (isFinalStatus(job.status)) stream.end()
    }
    const leave = this.#jobs.listenOwn(user, (job) => {
      if (job.id === id) tell(this.#jobs.toldJob(job))
    })
    try {
      tell(await this.#jobs.get(user, id))
    } catch (error) {
      stream.told.destroy()
      throw error
    }
    return stream.told
  }

  async #present(
    user: User,
    { patiently, ...query }: JobQuery & { patiently: boolean },
  ): Promise<readonly Job[]> {
    try {
      return await this.#jobs.listOwn(user, query)
    } catch (error) {
      if (patiently && error instanceof PluginError) return []
      throw error
    }
  }
}
