import { asAtelierError, type AtelierError, type ErrorCode } from '../errors.ts'
import type { Job } from '../launcher/job.ts'
import type { Log } from '../log.ts'
import type { Placement } from '../sessions/placement.ts'
import type { JobOutputs } from './job-end.ts'
import type { JobRuns } from './job-runs.ts'
import { noAnswerSentence, NO_SERVER } from './job-sentences.ts'
import type { JobChanges, JobStore } from './job-store.ts'
import type { JobWatch } from './job-watch.ts'
import type { LivingJobs } from './living-jobs.ts'
import { nextJobStep, type JobFacts, type JobStep, type SeenJob } from './next-job-step.ts'
import { isFinalJob, type WorkbenchJob } from './workbench-job.ts'

/** It gives up by itself when nothing more comes; this is for one that hangs. */
const FINISH_MS = 120_000
/** After these nothing is known of the job, and it is looked for again; any other refusal will not get better. */
const PASSING: readonly ErrorCode[] = [
  'LAUNCHER_UNAVAILABLE',
  'DATABASE_UNAVAILABLE',
  'NAME_SERVICE_UNAVAILABLE',
  'IDE_INSTALLING',
  'INTERNAL',
]

/** Does the steps of the jobs of this node. Each may be repeated; a row that was changed meanwhile is left as it is. */
export class JobSteps {
  readonly #store: Pick<JobStore, 'update' | 'move'>
  readonly #living: LivingJobs
  readonly #runs: JobRuns
  readonly #outputs: JobOutputs
  readonly #watch: JobWatch
  readonly #placement: Pick<Placement, 'place'>
  readonly #facts: () => Omit<JobFacts, 'now' | 'stoppingFor'>
  readonly #log: Log
  readonly #stopAsked = new Map<string, number>()

  constructor(parts: {
    store: Pick<JobStore, 'update' | 'move'>
    living: LivingJobs
    runs: JobRuns
    outputs: JobOutputs
    watch: JobWatch
    placement: Pick<Placement, 'place'>
    facts: () => Omit<JobFacts, 'now' | 'stoppingFor'>
    log: Log
  }) {
    this.#store = parts.store
    this.#living = parts.living
    this.#runs = parts.runs
    this.#outputs = parts.outputs
    this.#watch = parts.watch
    this.#placement = parts.placement
    this.#facts = parts.facts
    this.#log = parts.log
  }

  /** What is to be done next with a job of which the Launcher says this. */
  next(job: WorkbenchJob, seen: SeenJob): JobStep {
    const asked = this.#stopAsked.get(job.id)
    const stoppingFor = asked === undefined ? undefined : performance.now() - asked
    return nextJobStep(job, seen, { ...this.#facts(), now: Date.now(), stoppingFor })
  }

  /** Does it. Throws what keeps it from being done. */
  async act(job: WorkbenchJob, step: JobStep): Promise<void> {
    if (step.do === 'submit') await this.#submit(job)
    else if (step.do === 'set') await this.write(job, step.changes)
    else if (step.do === 'end') await this.#end(job, step.changes)
    else if (step.do === 'move') await this.#move(job)
    else if (step.do === 'stop' || step.do === 'kill' || step.do === 'cancel') {
      await this.#runs.control(step.job, step.do)
      if (!this.#stopAsked.has(job.id)) this.#stopAsked.set(job.id, performance.now())
    }
  }

  /** Writes changes of a row, unless it was changed meanwhile. */
  async write(job: WorkbenchJob, changes: JobChanges): Promise<void> {
    const changed = await this.#store.update(job.id, job.version, changes)
    if (changed === undefined) return
    this.#living.apply([changed])
    const { id, state, reason, jobId } = changed
    if (jobId !== null && job.jobId === null) this.#watch.emit('started', changed, jobId)
    if (isFinalJob(state)) {
      this.#stopAsked.delete(id)
      this.#watch.emit('ended', changed)
    }
    if (state !== job.state) this.#log.info({ job: id, state, reason }, 'job changed its state')
  }

  /** Tells its owner why it waits. */
  async say(job: WorkbenchJob, reason: string, standsAside = false): Promise<void> {
    if (job.reason !== reason) await this.write(job, { reason, standsAside })
  }

  async #submit(job: WorkbenchJob): Promise<void> {
    let found: Job
    try {
      found = await this.#runs.submit(job)
    } catch (error) {
      return this.#refused(job, asAtelierError(error))
    }
    await this.act(job, this.next(job, found))
  }

  async #refused(job: WorkbenchJob, error: AtelierError): Promise<void> {
    if (!PASSING.includes(error.code)) {
      const endedAt = new Date()
      return this.write(job, { state: 'Failed', reason: error.message, endedAt })
    }
    if (error.code === 'LAUNCHER_UNAVAILABLE') await this.say(job, noAnswerSentence(job.cluster))
    throw error
  }

  async #end(job: WorkbenchJob, changes: JobChanges): Promise<void> {
    const isKept = job.jobId !== null || changes.jobId != null
    const totals = isKept ? await this.#totals({ ...job, ...changes }) : {}
    await this.write(job, { ...changes, ...totals })
  }

  async #totals(job: WorkbenchJob): Promise<JobChanges> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('it took too long')), FINISH_MS)
    })
    try {
      return await Promise.race([this.#outputs.finish(job), late])
    } catch (error) {
      // Its end is written after the restart, once all is kept.
      if (asAtelierError(error).code === 'NODE_STOPPING') throw error
      this.#log.warn({ err: error, job: job.id }, 'not all is kept that a job printed')
      return {}
    } finally {
      clearTimeout(timer)
    }
  }

  async #move(job: WorkbenchJob): Promise<void> {
    const { id, user, version, node } = job
    try {
      const moved = await this.#placement.place({ user, seed: id, last: node }, (to) =>
        this.#store.move(id, version, to),
      )
      if (moved !== undefined) this.#living.apply([moved])
    } catch (error) {
      if (asAtelierError(error).code !== 'NO_NODE') throw error
      await this.say(job, NO_SERVER)
    }
  }
}
