import type { ClusterLog } from './cluster-log.ts'
import { isWantedJob } from './job-filter.ts'
import { JobFeed, type JobListener } from './job-feed.ts'
import { JobGuard } from './job-guard.ts'
import { qualifiedId } from './job-ids.ts'
import type { Job, JobQuery, JobSpec, User } from './job.ts'
import { getRequest, listRequest, type AskedJob } from './job-requests.ts'
import { PLUGIN_ERROR, PluginError } from './plugin-error.ts'
import type { PluginProcess } from './plugin-process.ts'
import { RESPONSES } from './protocol-schemas.ts'
import { Submissions } from './submissions.ts'

/** What must be known of a job to tell whether it is wanted, and whom it may be told. */
const NEEDED_FIELDS = ['id', 'user', 'status', 'tags', 'submissionTime'] as const

/** What the jobs of a Launcher cluster are known by. */
export interface ClusterJobsParts {
  readonly plugin: PluginProcess
  /** The name of this Launcher cluster, and of the default one. */
  readonly name: string
  readonly standard: string
  /** Names the Launcher in the jobs that it submits. */
  readonly instanceId?: string | undefined
  /** Throws PluginError with the reason if no job may run as this user. */
  readonly checkUser?: ((user: string) => Promise<unknown>) | undefined
  readonly log: ClusterLog
}

/**
 * The jobs of one Launcher cluster, by their ids in the plugin. It knows of them only what the plugin tells it, so it may
 * end at any time, and believes it only what can be. Throws PluginError where the plugin does.
 */
export class ClusterJobs {
  readonly #parts: ClusterJobsParts
  readonly #guard: JobGuard
  readonly #feed: JobFeed
  readonly #submissions: Submissions

  constructor(parts: ClusterJobsParts) {
    const { plugin, log } = parts
    this.#parts = parts
    this.#guard = new JobGuard({ log })
    this.#feed = new JobFeed({ plugin, readJob: (id) => this.#read(this.askedBy('*', id)), log })
    this.#submissions = new Submissions({ plugin })
  }

  /** Begins to follow what the plugin tells. */
  start(): void {
    this.#parts.plugin.onReady(() => this.#guard.reset())
    this.#feed.start()
  }

  /** Follows the plugin no more. */
  async stop(): Promise<void> {
    await this.#feed.stop()
  }

  /**
   * Calls `listener` for each job of a user that changes, with its id in the plugin, until the returned function is called.
   */
  listenOwn(user: User, listener: JobListener): () => void {
    return this.#feed.listen((job) => {
      if (mayTouch(user, job)) listener(job)
    })
  }

  /** Starts a job, once per key. */
  async submit(spec: JobSpec, key: string): Promise<Job> {
    const { name, instanceId, checkUser } = this.#parts
    await checkUser?.(spec.user)
    const job = await this.#submissions.submit({ ...spec, cluster: name, instanceId }, key)
    return this.toldJob(this.#guarded(job))
  }

  /** The jobs of a user that a query asks for, by their ids in the plugin. */
  async listOwn(user: User, { user: of, ...query }: JobQuery): Promise<readonly Job[]> {
    const asked = user === '*' ? (of ?? '*') : user
    const fields = query.fields?.length ? [...new Set([...NEEDED_FIELDS, ...query.fields])] : []
    const request = listRequest(asked, query, fields)
    const { jobs } = await this.#parts.plugin.request(request, RESPONSES.jobs)
    return this.#guard
      .checkAll(jobs)
      .filter((job) => mayTouch(user, job) && mayTouch(of ?? '*', job) && isWantedJob(job, query))
  }

  /** The jobs of a user that a query asks for. */
  async list(user: User, query: JobQuery): Promise<readonly Job[]> {
    return (await this.listOwn(user, query)).map((job) => this.toldJob(job))
  }

  /** One job of a user. Throws PluginError with code 3 if there is none that is theirs. */
  async get(user: User, id: string): Promise<Job> {
    // `*` would be answered with all jobs.
    const job = id === '*' ? undefined : await this.#read(this.askedBy(user, id))
    if (job !== undefined && mayTouch(user, job)) return this.toldJob(job)
    throw new PluginError(PLUGIN_ERROR.jobNotFound, 'there is no such job')
  }

  /** A job that a user may touch, for a request. Throws PluginError with code 3 if there is none. */
  async own(user: User, id: string): Promise<AskedJob> {
    // Who may touch everything needs not be asked; the plugin says itself if there is no such job.
    if (user !== '*' || id === '*') await this.get(user, id)
    return this.askedBy(user, id)
  }

  /** A job as it is told outside of its Launcher cluster. */
  toldJob(job: Job): Job {
    const { name, standard } = this.#parts
    return { ...job, cluster: name, id: qualifiedId({ cluster: name, id: job.id }, standard) }
  }

  /** A job for a request, whoever may touch it. */
  askedBy(user: User, id: string): AskedJob {
    const { name: cluster, standard } = this.#parts
    return { user, id, qualifiedId: qualifiedId({ cluster, id }, standard) }
  }

  async #read(asked: AskedJob): Promise<Job | undefined> {
    const { jobs } = await this.#parts.plugin.request(getRequest(asked), RESPONSES.jobs)
    const [job] = jobs
    if (job === undefined) return undefined
    if (job.id === asked.id) return this.#guarded(job)
    throw new PluginError(PLUGIN_ERROR.unknown, `the plugin answered ${job.id} for ${asked.id}`)
  }

  #guarded(job: Job): Job {
    const checked = this.#guard.check(job)
    if (checked !== undefined) return checked
    throw new PluginError(PLUGIN_ERROR.unknown, 'the plugin gave the job to another user')
  }
}

/** True if a user may see and control a job. */
function mayTouch(user: User, job: Pick<Job, 'user'>): boolean {
  return user === '*' || user === job.user
}
