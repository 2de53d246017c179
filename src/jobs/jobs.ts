import { setTimeout as delay } from 'node:timers/promises'
import { customAlphabet } from 'nanoid'
import { AtelierError } from '../errors.ts'
import type { Grants } from '../sessions/grants.ts'
import type { Placement } from '../sessions/placement.ts'
import { checkWebhook } from '../webhooks/webhook-url.ts'
import type { Idempotency } from '../sessions/session-store.ts'
import type { AllowedCommands } from './allowed-commands.ts'
import { checkRequest } from './check-request.ts'
import { jobRequest, requestOf, type JobWish } from './job-request.ts'
import { stopSentence, STOPPED_WHILE_LOST, type Stopper } from './job-sentences.ts'
import type { JobChanges, JobListQuery, JobStore, NewJob } from './job-store.ts'
import type { LivingJobs } from './living-jobs.ts'
import { isFinalJob, type WorkbenchJob } from './workbench-job.ts'

const newId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 12)
const ATTEMPTS = 30

/** Where a job comes from that nobody has submitted by hand. */
export interface JobOrigin {
  readonly session?: string | null
  readonly schedule?: string | null
  readonly tick?: Date | null
}

/** A job that was submitted, now or by an earlier request with the same key. */
export interface SubmittedJob {
  readonly job: WorkbenchJob
  readonly replayed: boolean
}

/** What users do with Workbench jobs. Each verb writes what is desired; the reconciler of the job's node makes it so. */
export class Jobs {
  readonly #store: JobStore
  readonly #living: LivingJobs
  readonly #grants: Pick<Grants, 'grantJob'>
  readonly #placement: Pick<Placement, 'place'>
  readonly #commands: () => AllowedCommands
  readonly #clusters: () => Promise<readonly string[]>
  readonly #webhookHosts: () => readonly string[]
  readonly #reconcile: () => void

  constructor(parts: {
    store: JobStore
    living: LivingJobs
    grants: Pick<Grants, 'grantJob'>
    placement: Pick<Placement, 'place'>
    /** The commands that are allowed now. */
    commands: () => AllowedCommands
    /** The names of the Launcher clusters; throws LAUNCHER_UNAVAILABLE. */
    clusters: () => Promise<readonly string[]>
    /** Hosts that webhooks may be sent to although they are not public. */
    webhookHosts: () => readonly string[]
    reconcile: () => void
  }) {
    this.#store = parts.store
    this.#living = parts.living
    this.#grants = parts.grants
    this.#placement = parts.placement
    this.#commands = parts.commands
    this.#clusters = parts.clusters
    this.#webhookHosts = parts.webhookHosts
    this.#reconcile = parts.reconcile
  }

  /**
   * Submits a job; with `once` only if no earlier request had its key, whose job is answered else. Throws BAD_REQUEST,
   * IDEMPOTENCY_KEY_REUSED, COMMAND_UNKNOWN, PROFILE_UNKNOWN or CLUSTER_UNKNOWN before anything is written; LIMIT_REACHED if the user has as many
   * jobs as may be, and NO_NODE if no node takes it.
   */
  async submitJob(
    user: string,
    wish: JobWish,
    once?: Idempotency,
    from: JobOrigin = {},
  ): Promise<SubmittedJob> {
    const replayed = await this.#replay(user, once)
    if (replayed !== undefined) return { job: replayed, replayed: true }
    const { job, mostLiving } = await this.prepare(user, wish, from)
    const inserted = await this.#placement.place({ user, seed: job.id }, async (node) => {
      const placed = { ...job, node }
      return this.#known(
        once === undefined
          ? await this.#store.insert(placed, mostLiving)
          : await this.#store.insertOnce(placed, once, mostLiving),
      )
    })
    // Another request with the same key was faster.
    if (inserted === undefined) return this.submitJob(user, wish, once, from)
    this.#reconcile()
    return { job: inserted, replayed: false }
  }

  /**
   * A job that is granted and may be inserted once it has a node, with how many its user may have that have not ended. Throws
   * BAD_REQUEST, COMMAND_UNKNOWN, PROFILE_UNKNOWN, CLUSTER_UNKNOWN and LIMIT_REACHED.
   */
  async prepare(
    user: string,
    wish: JobWish,
    { session = null, schedule = null, tick = null }: JobOrigin = {},
  ): Promise<{ readonly job: Omit<NewJob, 'node'>; readonly mostLiving: number | null }> {
    const request = jobRequest(wish)
    checkRequest(request, this.#commands())
    checkWebhook(request.webhook, this.#webhookHosts())
    const { mostLiving, ...granted } = await this.#grants.grantJob(user, request.profile)
    await this.#requireCluster(request.cluster)
    const job = { ...request, ...granted, id: newId(), user, session, schedule, tick }
    return { job, mostLiving }
  }

  /** The jobs that a query asks for, the latest first. */
  async listJobs(query: JobListQuery): Promise<readonly WorkbenchJob[]> {
    return this.#store.list(query)
  }

  /** The user's job with this id. Throws JOB_NOT_FOUND, also for somebody else's. */
  async getJob(user: string, id: string): Promise<WorkbenchJob> {
    const job = await this.findJob(id)
    if (job.user !== user) throw new AtelierError('JOB_NOT_FOUND')
    return job
  }

  /** The job with this id, whosever it is. Throws JOB_NOT_FOUND. */
  async findJob(id: string): Promise<WorkbenchJob> {
    const job = await this.#store.get(id)
    if (job === undefined) throw new AtelierError('JOB_NOT_FOUND')
    this.#living.apply([job])
    return job
  }

  /**
   * Stops a job, or kills it when `force` is set. One that was not handed over yet is Canceled at once, and one whose server is
   * lost counts as Killed: if the server comes back, it ends what still runs. One that has ended is answered as it is.
   */
  async stopJob(
    user: string,
    id: string,
    { force, by = 'owner' }: { readonly force: boolean; readonly by?: Stopper },
  ): Promise<WorkbenchJob> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const job = await this.getJob(user, id)
      const changes = stopChanges(job, force, by)
      if (changes === undefined) return job
      const changed = this.#known(await this.#store.update(id, job.version, changes))
      if (changed !== undefined) {
        this.#reconcile()
        return changed
      }
      await delay(Math.random() * 10 * attempt)
    }
    throw new AtelierError('VERSION_CONFLICT', 'The job changes all the time. Try again.')
  }

  /** Submits a new job of the same request. Throws as `getJob` and `submitJob`. */
  async runAgain(
    user: string,
    id: string,
    once?: Idempotency,
    from?: JobOrigin,
  ): Promise<SubmittedJob> {
    const job = await this.getJob(user, id)
    return this.submitJob(user, requestOf(job), once, from)
  }

  async #replay(user: string, once: Idempotency | undefined): Promise<WorkbenchJob | undefined> {
    if (once === undefined) return undefined
    const earlier = await this.#store.submittedWith(user, once.key)
    if (earlier === undefined) return undefined
    if (earlier.fingerprint !== once.fingerprint) throw new AtelierError('IDEMPOTENCY_KEY_REUSED')
    this.#known(earlier.job)
    this.#reconcile()
    return earlier.job
  }

  // A Launcher that does not answer now may know it later: the job waits for it.
  async #requireCluster(cluster: string | null): Promise<void> {
    if (cluster === null) return
    const known = await this.#clusters().catch(() => undefined)
    if (known === undefined || known.includes(cluster)) return
    const message = `There is no Launcher cluster of that name. There are: ${known.join(', ')}.`
    throw new AtelierError('CLUSTER_UNKNOWN', message)
  }

  #known(row: WorkbenchJob | undefined): WorkbenchJob | undefined {
    if (row !== undefined) this.#living.apply([row])
    return row
  }
}

/** What is changed of a job that is to be stopped; undefined if it is so already, or has ended. */
function stopChanges(job: WorkbenchJob, force: boolean, by: Stopper): JobChanges | undefined {
  const { state, desired, submittedAt } = job
  if (isFinalJob(state)) return undefined
  const wanted = force || desired === 'killed' ? 'killed' : 'stopped'
  const endedAt = new Date()
  if (state === 'Lost') {
    return { desired: wanted, state: 'Killed', reason: STOPPED_WHILE_LOST, endedAt }
  }
  const reason = stopSentence(by)
  if (submittedAt === null) return { desired: wanted, state: 'Canceled', reason, endedAt }
  return wanted === desired ? undefined : { desired: wanted, reason }
}
