import { geteuid } from 'node:process'
import type { Writable } from 'node:stream'
import type { Log } from '../../log.ts'
import { JOB_OPERATIONS } from '../../launcher/job.ts'
import { isWantedJob } from '../../launcher/job-filter.ts'
import { FrameDecoder, MAX_MESSAGE_BYTES, ProtocolError } from '../../launcher/frames.ts'
import { API_VERSION, RELOAD_ERROR, REQUEST, RESPONSE } from '../../launcher/protocol.ts'
import {
  request as requestSchema,
  type Request,
  type RequestOf,
} from '../../launcher/protocol-schemas.ts'
import { PLUGIN_ERROR, PluginError } from '../../launcher/plugin-error.ts'
import { Answers, type Answer } from './answers.ts'
import { ownCgroupPlaces, ownTrackingPlace } from './cgroup-places.ts'
import { PLAIN_LOGIN, type Login } from './command.ts'
import { CLUSTER_INFO, jobsAnswer, networkAnswer, reportJob } from './job-answers.ts'
import { JobAccounts } from './job-accounts.ts'
import { JobCgroups } from './job-cgroups.ts'
import { LocalJobs } from './jobs.ts'
import { Metrics } from './metrics.ts'
import { OutputStream } from './output-stream.ts'
import { PamSessions } from './pam-sessions.ts'
import { PluginConfigError, readPluginConfig } from './plugin-config.ts'
import { servedPorts } from './served-ports.ts'
import { StatusStream } from './status-stream.ts'
import { cgroupOfScratch, TrackingCgroups } from './tracking-cgroups.ts'
import { UsageStream } from './usage-stream.ts'
import { userOf } from './wanted-jobs.ts'

/** How the local plugin is run. */
export interface LocalPluginOptions {
  /** Where the Launcher's requests come from and the answers go to. */
  readonly stdin: AsyncIterable<Buffer>
  readonly stdout: Writable
  /** Must not write to `stdout`. */
  readonly log: Log
  /** Where jobs are kept. Accounts must be able to pass through the directories above it when we are root. */
  readonly scratchPath: string
  /** The name of this Launcher cluster. */
  readonly pluginName: string
  /** The one account whose jobs are started; without it any but root, as far as we may. */
  readonly user?: string | undefined
  /** Of all other accounts those below this uid are the system's, whose jobs are not started. Default 1 000. */
  readonly minimumUid?: number | undefined
  /**
   * The account of the server that uses what jobs serve: its group may pass to their sockets, and it has no jobs itself.
   * Without it only our own account reaches them.
   */
  readonly serverUser?: string | undefined
  /** How jobs become those of their accounts. By default with umask 0022 and without PAM sessions. */
  readonly login?: Login | undefined
  /** How long jobs that have ended are kept. Default 24. */
  readonly jobExpiryHours?: number | undefined
  /** Seconds between two answers on what a job uses. Default 5. */
  readonly usageIntervalSeconds?: number | undefined
  /** The plugin's own configuration, read at the start and when the Launcher asks for it. */
  readonly configFile?: string | undefined
  /** Seconds between two reports of metrics. Default 0, never. */
  readonly metricsIntervalSeconds?: number | undefined
  /** Most bytes of a message. Default that of the protocol. */
  readonly maxMessageBytes?: number | undefined
}

/** Runs jobs on this server for a Launcher until its requests end. Throws ProtocolError on what is no request. */
export async function runLocalPlugin(options: LocalPluginOptions): Promise<void> {
  await new LocalPlugin(options).run()
}

const HOUR = 3_600_000

class LocalPlugin {
  readonly #stdin: AsyncIterable<Buffer>
  readonly #options: LocalPluginOptions
  readonly #metrics: Metrics
  readonly #pluginName: string
  readonly #log: Log
  readonly #jobs: LocalJobs
  readonly #answers: Answers
  readonly #statuses: StatusStream
  readonly #outputs: OutputStream
  readonly #usages: UsageStream
  readonly #underWay = new Set<Promise<void>>()

  constructor(options: LocalPluginOptions) {
    const { log, scratchPath, user } = options
    const ownUid = geteuid?.() ?? -1
    this.#stdin = options.stdin
    this.#options = options
    this.#pluginName = options.pluginName
    this.#log = log
    this.#jobs = new LocalJobs({
      scratchPath,
      ownUid,
      accounts: new JobAccounts({
        ownUid,
        onlyUser: user,
        minimumUid: options.minimumUid ?? 1000,
        serverUser: options.serverUser,
      }),
      cgroups: new JobCgroups({ places: ownCgroupPlaces(), name: cgroupOfScratch(scratchPath) }),
      tracking: new TrackingCgroups({ place: ownTrackingPlace(), scratchPath, log }),
      sessions: new PamSessions({ login: options.login ?? PLAIN_LOGIN, log }),
      expiryMs: this.#expiryMs(),
      log,
    })
    const jobs = this.#jobs
    const answers = new Answers({ output: options.stdout })
    const interval = (options.usageIntervalSeconds ?? 5) * 1000
    this.#answers = answers
    this.#statuses = new StatusStream({ jobs, answers })
    this.#outputs = new OutputStream({ jobs, answers })
    const metricsInterval = (options.metricsIntervalSeconds ?? 0) * 1000
    this.#metrics = new Metrics({ answers, interval: metricsInterval, log })
    this.#usages = new UsageStream({ jobs, answers, interval, log })
  }

  async run(): Promise<void> {
    const decoder = new FrameDecoder({
      maximum: this.#options.maxMessageBytes ?? MAX_MESSAGE_BYTES,
    })
    const unlisten = this.#jobs.listen((job) => {
      this.#do(this.#statuses.tell(job))
      if (job.hasEnded) this.#do(this.#usages.tellEnd(job))
    })
    try {
      for await (const chunk of this.#stdin) {
        for (const message of decoder.decode(chunk)) this.#receive(message)
      }
    } finally {
      this.#outputs.stop()
      this.#usages.stop()
      this.#metrics.stop()
      // A job that is just being started is started to the end; nobody would know of it otherwise.
      await Promise.all(this.#underWay)
      unlisten()
      this.#jobs.stop()
    }
  }

  #receive(message: unknown): void {
    const parsed = requestSchema.safeParse(message)
    if (parsed.success) {
      this.#do(this.#handle(parsed.data), parsed.data.requestId)
      return
    }
    const requestId = requestIdOf(message)
    if (requestId === undefined) throw new ProtocolError('a message is no request')
    const failure = new PluginError(PLUGIN_ERROR.invalidRequest, parsed.error.message)
    this.#do(this.#answers.fail(requestId, failure))
  }

  /** Lets `work` go on beside other requests; its failure is the answer to `requestId`. */
  #do(work: Promise<void>, requestId?: number): void {
    const done = work
      .catch((error: unknown) => {
        if (requestId === undefined) throw error
        if (!(error instanceof PluginError)) this.#log.error({ err: error }, 'A request failed')
        return this.#answers.fail(requestId, error)
      })
      .catch((error: unknown) => this.#log.debug({ err: error }, 'An answer is not sent'))
      .finally(() => this.#underWay.delete(done))
    this.#underWay.add(done)
  }

  async #handle(request: Request): Promise<void> {
    const { requestId } = request
    const answer = (fields: Answer) => this.#answers.send(requestId, fields)
    switch (request.messageType) {
      case REQUEST.heartbeat:
        return this.#answers.tell({ messageType: RESPONSE.heartbeat })
      case REQUEST.bootstrap:
        await this.#bootstrap(request.version.major)
        await answer({ messageType: RESPONSE.bootstrap, version: API_VERSION })
        return this.#metrics.start()
      case REQUEST.submit: {
        const submitted = { ...request.job, user: userOf(request) }
        const job = await this.#metrics.measure(() => this.#jobs.submit(submitted))
        return answer({
          messageType: RESPONSE.jobs,
          jobs: [reportJob(job.record, this.#pluginName)],
        })
      }
      case REQUEST.get: {
        const records = this.#jobs.asked(request).map(({ record }) => record)
        const wanted = records.filter((each) => request.jobId !== '*' || isWantedJob(each, request))
        return answer(jobsAnswer(wanted, this.#pluginName, request.fields))
      }
      case REQUEST.status:
        return this.#statuses.handle(request)
      case REQUEST.control:
        await this.#control(request)
        return answer({ messageType: RESPONSE.control, operationComplete: true, statusMessage: '' })
      case REQUEST.output:
        return this.#outputs.handle(request)
      case REQUEST.usage:
        return this.#usages.handle(request)
      case REQUEST.network:
        return answer(this.#network(request))
      case REQUEST.clusterInfo:
        return answer(CLUSTER_INFO)
      case REQUEST.loadBalancerNodes:
        return answer({ messageType: RESPONSE.loadBalancerNodes })
      case REQUEST.configReload:
        return answer({ messageType: RESPONSE.configReload, ...this.#reload() })
    }
  }

  async #bootstrap(major: number): Promise<void> {
    if (major !== API_VERSION.major) {
      const message = `This plugin speaks version ${API_VERSION.major} of the API, not ${major}.`
      throw new PluginError(PLUGIN_ERROR.unsupportedVersion, message)
    }
    await this.#jobs.start()
  }

  async #control(request: RequestOf<5>): Promise<void> {
    if (request.jobId === '*') {
      throw new PluginError(PLUGIN_ERROR.invalidRequest, 'Name one job: not all can be controlled.')
    }
    const job = this.#jobs.find(request)
    const operation = JOB_OPERATIONS[request.operation]
    if (operation !== undefined) await job.control(operation)
  }

  /** How long ended jobs are kept; the configuration file comes before the flag. Throws PluginConfigError. */
  #expiryMs(): number {
    const { configFile, jobExpiryHours } = this.#options
    return (readPluginConfig(configFile).jobExpiryHours ?? jobExpiryHours ?? 24) * HOUR
  }

  /** Reads the configuration again; what cannot be used changes nothing. */
  #reload(): { readonly errorType: number; readonly errorMessage: string } {
    try {
      this.#jobs.keepFor(this.#expiryMs())
      return { errorType: RELOAD_ERROR.none, errorMessage: '' }
    } catch (error) {
      if (!(error instanceof PluginConfigError)) throw error
      return { errorType: error.errorType, errorMessage: error.message }
    }
  }

  #network(request: RequestOf<8>): Answer {
    const job = this.#jobs.find(request)
    if (job.record.status !== 'Running') {
      throw new PluginError(PLUGIN_ERROR.jobNotRunning, 'The job is not running.')
    }
    const { id, details } = job.record
    const answer = networkAnswer(this.#jobs.socket(id), details)
    return request.ports ? { ...answer, ports: servedPorts(job) } : answer
  }
}

function requestIdOf(message: unknown): number | undefined {
  if (typeof message !== 'object' || message === null || !('requestId' in message)) return undefined
  return typeof message.requestId === 'number' ? message.requestId : undefined
}
