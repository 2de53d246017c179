import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../../log.ts'
import { isFinalStatus, type JobOperation } from '../../launcher/job.ts'
import { keptOutput } from '../../launcher/keep-output.ts'
import { PLUGIN_ERROR, PluginError } from '../../launcher/plugin-error.ts'
import type { Command } from './command.ts'
import { endingOf, memoryMessage, processesMessage, type Ending } from './ending.ts'
import type { JobCgroups } from './job-cgroups.ts'
import type { Beginning, JobDirectory, JobRecord } from './job-directory.ts'
import { processesOfJob, type Leader } from './job-processes.ts'
import { signalOnce, standStill, sweep, type FindProcesses } from './job-signals.ts'
import { readLimits } from './limits.ts'
import { OutputFile } from './output-file.ts'
import type { ProcessTable } from './process-table.ts'
import { readStat, type Process } from './processes.ts'
import type { TrackingCgroups } from './tracking-cgroups.ts'

/** Milliseconds between two looks at a job that is to begin at once. */
const STEP = 20
/** Milliseconds to wait for a job to begin before it is reported Pending. */
const START_LIMIT = 5_000

/** One job: from its start, or its recovery after a restart of ours, to its end. */
export class LocalJob {
  readonly stdout: OutputFile
  readonly stderr: OutputFile
  readonly #directory: JobDirectory
  readonly #bootId: string
  readonly #cgroups: JobCgroups
  readonly #tracking: TrackingCgroups
  readonly #table: ProcessTable
  readonly #log: Log
  readonly #onChange: (job: LocalJob) => void
  readonly #cleanUp: () => Promise<void>
  #record: JobRecord
  #beginning: Beginning | undefined
  #leaderGone = false
  #cgroupFolders: readonly string[] | undefined
  #trackingRead: { readonly folder: string | undefined } | undefined
  #checking: Promise<void> | undefined

  /** `cleanUp` removes what only a running job needs; `onChange` is told of each new status. */
  constructor(parts: {
    readonly directory: JobDirectory
    readonly record: JobRecord
    readonly bootId: string
    readonly cgroups: JobCgroups
    readonly tracking: TrackingCgroups
    readonly table: ProcessTable
    readonly log: Log
    readonly onChange: (job: LocalJob) => void
    readonly cleanUp: () => Promise<void>
  }) {
    this.#directory = parts.directory
    this.#record = parts.record
    this.#bootId = parts.bootId
    this.#cgroups = parts.cgroups
    this.#tracking = parts.tracking
    this.#table = parts.table
    this.#log = parts.log
    this.#onChange = parts.onChange
    this.#cleanUp = parts.cleanUp
    const head = keptOutput(this.#record.tags)
    this.stdout = new OutputFile(this.#directory.stdout, { head })
    this.stderr = new OutputFile(this.#directory.stderr, { head })
  }

  get record(): JobRecord {
    return this.#record
  }

  get hasEnded(): boolean {
    return isFinalStatus(this.#record.status)
  }

  /** Starts the job, in a session of its own that does not end with us. Throws the errors of spawn. */
  async start(command: Command): Promise<void> {
    const stdin = this.#directory.takeInput()
    const [stdout, stderr] = this.#directory.openOutput()
    try {
      const leader = spawn(command.exe, command.args, {
        cwd: '/',
        env: command.environment,
        detached: true,
        stdio: [stdin ?? 'ignore', stdout, stderr],
      })
      leader.unref()
      leader.once('exit', () => (this.#leaderGone = true))
      await once(leader, 'spawn')
    } finally {
      if (stdin !== undefined) closeSync(stdin)
      closeSync(stdout)
      closeSync(stderr)
    }
    const begin = performance.now()
    while (this.#record.status === 'Pending' && performance.now() - begin < START_LIMIT) {
      await delay(STEP)
      await this.check()
    }
  }

  /** Takes up the job again after a restart of ours. False if it had not begun: its environment is lost, it never will. */
  async recover(): Promise<boolean> {
    if (this.hasEnded) return true
    if (this.#directory.forbidBeginning()) return false
    await Promise.all([this.stdout.recover(), this.stderr.recover()])
    await this.check()
    return true
  }

  /** Looks how the job is and does what follows from it. The same for started and recovered jobs; to be repeated. */
  check(): Promise<void> {
    this.#checking ??= this.#check()
      .catch((error: unknown) => {
        this.#log.error({ err: error, job: this.#record.id }, 'A job cannot be looked after')
      })
      .finally(() => (this.#checking = undefined))
    return this.#checking
  }

  /** Does what is asked. Throws PluginError when the job is not in a state for it. */
  async control(operation: JobOperation): Promise<void> {
    const { status } = this.#record
    const isAlive = status === 'Running' || status === 'Suspended'
    switch (operation) {
      case 'suspend':
        this.#allow(status === 'Running', operation)
        await standStill(this.#looks())
        return this.#become({ status: 'Suspended' })
      case 'resume':
        this.#allow(status === 'Suspended', operation)
        await signalOnce(this.#looks(), ['SIGCONT'])
        return this.#become({ status: 'Running' })
      case 'stop':
        this.#allow(isAlive, operation)
        return signalOnce(this.#looks(), ['SIGTERM', 'SIGCONT'])
      case 'kill':
        this.#allow(isAlive, operation)
        this.#record = { ...this.#record, killRequested: true }
        this.#save()
        await this.#sweep('SIGKILL')
        return this.check()
      case 'cancel':
        // One whose leader takes its lock first has begun.
        this.#allow(status === 'Pending' && this.#directory.forbidBeginning(), operation)
        await this.#cleanUp()
        this.#cgroups.remove(this.#folders)
        return this.#become({ status: 'Canceled' })
    }
  }

  /** The processes of the job, its leader left out. */
  processes(all: readonly Process[]): Process[] {
    const { id, uid } = this.#record
    const tracked = this.#tracking.pids(this.#trackingFolder)
    const confined = new Set([...tracked, ...this.#cgroups.pids(this.#folders)])
    return processesOfJob(all, { id, uid, leader: this.#leader(), confined })
  }

  /** The memory in bytes that its processes use together; undefined if nothing counts it. */
  get memory(): number | undefined {
    return this.#cgroups.memory(this.#folders)
  }

  /** Forgets on disk a job that could not be taken up. Throws the errors of node:fs. */
  withdraw(): void {
    this.#directory.withdraw()
  }

  /** Forgets the job on disk. */
  remove(): void {
    this.#directory.remove()
  }

  async #check(): Promise<void> {
    if (this.hasEnded) return
    this.#beginning ??= this.#directory.readBeginning()
    if (this.#beginning === undefined) {
      // Its record may have been written since it was looked for.
      if (!this.#leaderGone || this.#directory.readBeginning() !== undefined) return
      const statusMessage = 'The job could not be started. Is the disk full?'
      return this.#end({ status: 'Failed', statusMessage, exitCode: null })
    }
    const { pid, startTime } = this.#beginning
    const leader = this.#leader()
    if (leader !== null && readStat(pid)?.startTime === startTime) {
      if (this.#record.status === 'Pending') this.#become({ status: 'Running', pid })
      const { statusMessage } = this.#atLimit()
      if (statusMessage !== undefined && statusMessage !== this.#record.statusMessage) {
        this.#become({ statusMessage })
      }
      return this.#trim()
    }
    const { killRequested } = this.#record
    const exitCode = this.#directory.readExitCode()
    const trouble = this.#directory.readTrouble()
    const rebooted = leader === null
    await this.#end({ pid, ...endingOf({ exitCode, killRequested, rebooted, trouble }) })
  }

  async #end(ending: Ending & { pid?: number }): Promise<void> {
    await this.#sweep('SIGTERM')
    await this.#trim()
    await this.#cleanUp().catch((error: unknown) => {
      this.#log.warn({ err: error, job: this.#record.id }, 'A job leaves something behind')
    })
    this.#become({ ...ending, ...this.#atLimit() })
    this.#cgroups.remove(this.#folders)
    this.#tracking.remove(this.#trackingFolder)
  }

  /** What the kernel did because of the job's limits, which an exit code does not tell. */
  #atLimit(): { statusMessage?: string } {
    const { memoryBytes, processes } = readLimits(this.#record.resourceLimits)
    if (memoryBytes !== null && this.#cgroups.outOfMemory(this.#folders) > 0) {
      return { statusMessage: memoryMessage(memoryBytes) }
    }
    if (processes !== null && this.#cgroups.refusedProcesses(this.#folders) > 0) {
      return { statusMessage: processesMessage(processes) }
    }
    return {}
  }

  get #folders(): readonly string[] {
    this.#cgroupFolders ??= this.#directory.readCgroups()
    return this.#cgroupFolders
  }

  get #trackingFolder(): string | undefined {
    this.#trackingRead ??= { folder: this.#directory.readTracking() }
    return this.#trackingRead.folder
  }

  async #sweep(first: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const pids = await sweep(this.#looks(), first, () => this.#tracking.kill(this.#trackingFolder))
    if (pids.length === 0) return
    this.#log.error({ job: this.#record.id, pids }, 'Processes of a job cannot be killed')
  }

  async #trim(): Promise<void> {
    const trimmed = await Promise.allSettled([this.stdout.trim(), this.stderr.trim()])
    for (const result of trimmed) {
      if (result.status === 'fulfilled') continue
      this.#log.debug({ err: result.reason, job: this.#record.id }, 'Output is not trimmed')
    }
  }

  /** Looks for the processes of the job, the first time at what there is now. */
  #looks(): FindProcesses {
    let looked = false
    return () => {
      const all = looked ? this.#table.recent() : this.#table.fresh()
      looked = true
      return this.processes(all)
    }
  }

  #leader(): Leader | null {
    const beginning = this.#beginning
    if (beginning === undefined) return null
    return beginning.bootId === this.#bootId ? beginning : null
  }

  #allow(allowed: boolean, operation: JobOperation): void {
    if (allowed) return
    const { status } = this.#record
    const message = `The job is ${status}; ${operation} is not possible.`
    throw new PluginError(PLUGIN_ERROR.invalidJobState, message)
  }

  #become(change: Partial<JobRecord>): void {
    if (this.hasEnded) return
    this.#record = { ...this.#record, ...change, lastUpdateTime: new Date().toISOString() }
    this.#save()
    this.#onChange(this)
  }

  #save(): void {
    try {
      this.#directory.save(this.#record)
    } catch (error) {
      // A full disk must not hide what has happened; after a restart it is found out again.
      this.#log.error({ err: error, job: this.#record.id }, 'The record of a job is not saved')
    }
  }
}
