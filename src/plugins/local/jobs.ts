import { chmodSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { customAlphabet } from 'nanoid'
import type { Log } from '../../log.ts'
import { PLUGIN_ERROR, PluginError } from '../../launcher/plugin-error.ts'
import type { SubmittedJob } from '../../launcher/protocol-schemas.ts'
import { jobCommand, jobEnvironment } from './command.ts'
import type { JobAccounts } from './job-accounts.ts'
import type { JobCgroups } from './job-cgroups.ts'
import { JobDirectory, newRecord, type Enforcement, type JobRecord } from './job-directory.ts'
import { LocalJob } from './job.ts'
import { readLimits, type Limits } from './limits.ts'
import type { PamSessions } from './pam-sessions.ts'
import { Orphans } from './orphans.ts'
import { PrivateDirectories } from './private-directories.ts'
import { ScratchLock } from './scratch-lock.ts'
import { JOB_ID_VARIABLE } from './proc.ts'
import { ProcessTable } from './process-table.ts'
import { bootId } from './processes.ts'
import type { TrackingCgroups } from './tracking-cgroups.ts'
import { submittedProgram } from './submitted-command.ts'
import { refuseUnsupported } from './unsupported.ts'
import { mayKnow } from './wanted-jobs.ts'

/** Milliseconds between two looks at every job. */
const CHECK_EVERY = 250
/** Milliseconds between two searches for jobs that are kept no more, and for what was left of others. */
const EXPIRE_EVERY = 60_000

/** Lower case and short: the id is part of the path of a socket. */
const newId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 12)
const JOB_ID = /^[0-9a-z]{12}$/

/** The jobs of the local plugin: in memory by id, and below the scratch path. */
export class LocalJobs {
  readonly #scratchPath: string
  readonly #ownUid: number
  readonly #accounts: JobAccounts
  #expiryMs: number
  readonly #log: Log
  readonly #jobs = new Map<string, LocalJob>()
  readonly #listeners = new Set<(job: LocalJob) => void>()
  readonly #private: PrivateDirectories
  readonly #lock: ScratchLock
  readonly #cgroups: JobCgroups
  readonly #sessions: PamSessions
  readonly #tracking: TrackingCgroups
  readonly #table = new ProcessTable()
  readonly #orphans: Orphans
  /** Ids of jobs on disk whose records cannot be read: what runs there is left alone. */
  readonly #unreadable = new Set<string>()
  #knowsAll = false
  #timers: NodeJS.Timeout[] = []

  /** `expiryMs` is how long ended jobs are kept. */
  constructor(options: {
    readonly scratchPath: string
    readonly ownUid: number
    readonly accounts: JobAccounts
    readonly expiryMs: number
    readonly cgroups: JobCgroups
    readonly sessions: PamSessions
    readonly tracking: TrackingCgroups
    readonly log: Log
  }) {
    this.#scratchPath = options.scratchPath
    this.#ownUid = options.ownUid
    this.#accounts = options.accounts
    this.#expiryMs = options.expiryMs
    this.#cgroups = options.cgroups
    this.#sessions = options.sessions
    this.#tracking = options.tracking
    this.#log = options.log
    const root = join(options.scratchPath, 'run')
    this.#private = new PrivateDirectories({ root })
    const { tracking, log } = options
    this.#orphans = new Orphans({ root, tracking, wanted: () => this.#wanted(), log })
    this.#lock = new ScratchLock({ path: join(options.scratchPath, 'lock') })
  }

  /** Takes up the jobs on disk and begins to look after them. Throws PluginError if no job could ever be started. */
  async start(): Promise<void> {
    await this.#accounts.start()
    const made = mkdirSync(this.#scratchPath, { recursive: true, mode: 0o711 })
    // Whoever made it: accounts must be able to pass through to their private directories.
    if (this.#ownUid === 0) chmodSync(this.#scratchPath, 0o711)
    await this.#lock.take()
    this.#private.prepare()
    const stored = this.#storedIds()
    for (const id of stored) this.#load(id)
    await Promise.all(this.list().map((job) => this.#recover(job)))
    for (const id of this.#private.list()) {
      if (!stored.includes(id) || this.#jobs.get(id)?.hasEnded) await this.#private.remove(id)
    }
    this.#knowsAll = true
    if (made !== undefined && this.#orphans.exist()) {
      // As when a disk is not mounted: what is missing with all the rest is no orphan.
      this.#knowsAll = false
      this.#log.warn(
        { path: made },
        'Jobs run whose records are gone with all others; they are left',
      )
    }
    this.#expire()
    const checks = setInterval(() => this.#check(), CHECK_EVERY)
    const expiries = setInterval(() => this.#expire(), EXPIRE_EVERY)
    this.#timers = [checks.unref(), expiries.unref()]
  }

  /** Looks after the jobs no more; they run on. */
  stop(): void {
    for (const timer of this.#timers) clearInterval(timer)
    // Whoever comes next has jobs that we do not know.
    this.#knowsAll = false
    this.#lock.release()
  }

  /** From now on ended jobs are kept this long. */
  keepFor(expiryMs: number): void {
    this.#expiryMs = expiryMs
  }

  /** Tells `listener` each new status, until the returned function is called. */
  listen(listener: (job: LocalJob) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** All jobs, oldest first. */
  list(): LocalJob[] {
    const key = (job: LocalJob) => job.record.submissionTime
    return [...this.#jobs.values()].sort((a, b) => key(a).localeCompare(key(b)))
  }

  /** One job that the one who asks may know of. Throws PluginError if there is none. */
  find({ jobId, username }: { readonly jobId: string; readonly username: string }): LocalJob {
    const job = this.#jobs.get(jobId)
    if (job !== undefined && mayKnow({ username }, job.record.user)) return job
    throw new PluginError(PLUGIN_ERROR.jobNotFound, 'There is no such job.')
  }

  /** One job, or with the id `*` all, that the one who asks may know of. Throws PluginError if there is not that one. */
  asked(request: { readonly jobId: string; readonly username: string }): LocalJob[] {
    if (request.jobId !== '*') return [this.find(request)]
    return this.list().filter(({ record }) => mayKnow(request, record.user))
  }

  /** One job. Throws PluginError if there is none. */
  get(id: string): LocalJob {
    return this.find({ jobId: id, username: '*' })
  }

  /** Where the job listens, if it does. */
  socket(id: string): string {
    return this.#private.socket(id)
  }

  /** Starts a job. Throws PluginError, with the reason for a person, and leaves nothing behind. */
  async submit(submitted: SubmittedJob): Promise<LocalJob> {
    const account = await this.#accounts.find(submitted.user)
    refuseUnsupported(submitted)
    const program = submittedProgram(submitted)
    const limits = readLimits(submitted.resourceLimits)
    const id = newId()
    const record = newRecord(id, submitted, account)
    const owner = this.#ownUid === 0 ? account : null
    const command = jobCommand({
      directory: join(this.#scratchPath, id),
      account,
      become: owner !== null,
      login: this.#sessions.login,
      workingDirectory: submitted.workingDirectory || account.home,
      command: {
        ...program,
        environment: jobEnvironment(submitted, {
          [JOB_ID_VARIABLE]: id,
          ATELIER_DIRECTORY: this.#private.path(id),
          ATELIER_SOCKET: this.#private.socket(id),
        }),
      },
    })
    let directory: JobDirectory | undefined
    try {
      this.#private.create(id, owner && { ...owner, serverGid: this.#accounts.serverGid })
      directory = JobDirectory.create(this.#scratchPath, record, owner)
      directory.provideInput(submitted.stdin, owner)
      directory.limit(this.#enforce(id, limits))
      directory.track(this.#tracking.create(id))
      const job = this.#add(directory, record)
      await job.start(command)
      return job
    } catch (error) {
      this.#jobs.delete(id)
      this.#cgroups.remove(directory?.readCgroups() ?? [])
      this.#tracking.remove(directory?.readTracking())
      directory?.remove()
      await this.#private.remove(id)
      if (error instanceof PluginError) throw error
      const reason = error instanceof Error ? error.message : String(error)
      throw new PluginError(PLUGIN_ERROR.unknown, reason, { cause: error })
    }
  }

  /** By cgroups; what these do not hold, by what each single process may have, and processors not at all. */
  #enforce(id: string, limits: Limits): Enforcement {
    try {
      const { folders, left } = this.#cgroups.create(id, limits)
      this.#tellLeft(id, left)
      return { cgroups: folders, left }
    } catch (error) {
      this.#tellLeft(id, limits, error)
      return { cgroups: [], left: limits }
    }
  }

  #tellLeft(id: string, { cpus, memoryBytes, processes }: Limits, error?: unknown): void {
    const left = Object.entries({ cpus, memoryBytes, processes })
    const types = left.flatMap(([type, value]) => (value === null ? [] : [type]))
    if (types.length === 0) return
    this.#log.warn(
      { err: error, job: id, limits: types },
      'No cgroup limits this job, only each of its processes',
    )
  }

  #add(directory: JobDirectory, record: JobRecord): LocalJob {
    const job = new LocalJob({
      directory,
      record,
      bootId: bootId(),
      cgroups: this.#cgroups,
      tracking: this.#tracking,
      table: this.#table,
      log: this.#log,
      onChange: (changed) => this.#listeners.forEach((listener) => listener(changed)),
      cleanUp: async () => {
        await this.#sessions.close(directory.path)
        await this.#private.remove(record.id)
      },
    })
    this.#jobs.set(record.id, job)
    return job
  }

  /** The ids on disk; what was never finished is removed. */
  #storedIds(): string[] {
    const names = readdirSync(this.#scratchPath)
    for (const name of names.filter((each) => each.startsWith('.'))) {
      new JobDirectory(join(this.#scratchPath, name)).remove()
    }
    return names.filter((name) => JOB_ID.test(name))
  }

  #load(id: string): void {
    const directory = new JobDirectory(join(this.#scratchPath, id))
    try {
      this.#add(directory, directory.load())
    } catch (error) {
      // Left where it is: what runs there cannot be told from here.
      this.#unreadable.add(id)
      this.#log.error({ err: error, job: id }, 'The record of a job cannot be read')
    }
  }

  async #recover(job: LocalJob): Promise<void> {
    const { id } = job.record
    try {
      if (await job.recover()) return
      // As if it had never been submitted: its key finds nothing, so that the same submission starts it.
      this.#jobs.delete(id)
      job.withdraw()
      await this.#private.remove(id)
      this.#log.info({ job: id }, 'A job that had not begun is given up')
    } catch (error) {
      this.#log.error({ err: error, job: id }, 'A job cannot be taken up again')
    }
  }

  #check(): void {
    for (const job of this.#jobs.values()) if (!job.hasEnded) void job.check()
  }

  #expire(): void {
    const oldest = Date.now() - this.#expiryMs
    for (const [id, job] of this.#jobs) {
      if (!job.hasEnded || Date.parse(job.record.lastUpdateTime) > oldest) continue
      job.remove()
      this.#jobs.delete(id)
    }
    this.#cgroups.removeOthers(this.#alive())
    void this.#orphans.sweep()
  }

  /** The ids of jobs that have not ended, as far as we know. */
  #alive(): ReadonlySet<string> {
    const running = this.list().filter((job) => !job.hasEnded)
    return new Set([...running.map(({ record }) => record.id), ...this.#unreadable])
  }

  #wanted(): ReadonlySet<string> | undefined {
    return this.#knowsAll ? this.#alive() : undefined
  }
}
