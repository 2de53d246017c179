import type { JobOrphans } from '../jobs/job-orphans.ts'
import { NO_LOOK, type JobRuns, type LauncherLook } from '../jobs/job-runs.ts'
import { turnSentence } from '../jobs/job-sentences.ts'
import type { JobSteps } from '../jobs/job-steps.ts'
import type { JobStore } from '../jobs/job-store.ts'
import type { LivingJobs } from '../jobs/living-jobs.ts'
import { isFinalJob, type WorkbenchJob } from '../jobs/workbench-job.ts'
import type { Log } from '../log.ts'
import type { UserLimits } from '../sessions/user-limits.ts'
import type { Task } from './task.ts'

/** Makes each job of this node what its row desires; every step may be repeated, and any node's crash be finished. */
export class ReconcileJobs implements Task {
  readonly name = 'reconcile-jobs'
  readonly period = 2000
  readonly #node: string
  readonly #store: Pick<JobStore, 'living' | 'handOver'>
  readonly #living: LivingJobs
  readonly #runs: JobRuns
  readonly #steps: JobSteps
  readonly #orphans: Pick<JobOrphans, 'stop'>
  readonly #limitsOf: (user: string) => Promise<Pick<UserLimits, 'jobs'>>
  readonly #log: Log
  readonly #again: () => void
  readonly #busy = new Set<string>()

  constructor(parts: {
    node: string
    store: Pick<JobStore, 'living' | 'handOver'>
    living: LivingJobs
    runs: JobRuns
    steps: JobSteps
    orphans: Pick<JobOrphans, 'stop'>
    limitsOf: (user: string) => Promise<Pick<UserLimits, 'jobs'>>
    log: Log
    again: () => void
  }) {
    this.#node = parts.node
    this.#store = parts.store
    this.#living = parts.living
    this.#runs = parts.runs
    this.#steps = parts.steps
    this.#orphans = parts.orphans
    this.#limitsOf = parts.limitsOf
    this.#log = parts.log
    this.#again = parts.again
  }

  /** Starts the next step of each job that needs one; a long step does not hold up other jobs. */
  async activate(signal: AbortSignal): Promise<void> {
    // The rows are taken before the jobs, so that a row's job cannot be missing from the list that judges it.
    const jobs = await this.#store.living(this.#node)
    this.#living.apply(jobs)
    const look = await this.#runs.look().catch((error: unknown) => {
      if (jobs.length > 0) this.#log.warn({ err: error }, 'the Launcher tells no jobs')
      return NO_LOOK
    })
    const idle = jobs.filter(({ id }) => !this.#busy.has(id))
    for (const job of idle) {
      if (job.submittedAt !== null) void this.#take(job, signal, () => this.#follow(job, look))
    }
    const waiting = idle.filter(({ submittedAt }) => submittedAt === null)
    for (const user of new Set(waiting.map((job) => job.user))) {
      const theirs = waiting.filter((job) => job.user === user)
      void this.#letStart(theirs, look, signal)
    }
    await this.#orphans.stop(look.active, jobs)
  }

  async #take(job: WorkbenchJob, signal: AbortSignal, act: () => Promise<void>): Promise<void> {
    this.#busy.add(job.id)
    try {
      await act()
    } catch (error) {
      if (!signal.aborted) this.#log.warn({ err: error, job: job.id }, 'a step of a job failed')
    } finally {
      this.#busy.delete(job.id)
    }
    const known = this.#living.get(job.id)
    const isChanged = known !== undefined && known.version > job.version
    if (!signal.aborted && isChanged && !isFinalJob(known.state)) this.#again()
  }

  async #follow(job: WorkbenchJob, look: LauncherLook): Promise<void> {
    await this.#steps.act(job, this.#steps.next(job, await this.#runs.see(job, look)))
  }

  /** The jobs of one user one after the other, so that they start in the order in which they were submitted. */
  async #letStart(
    jobs: readonly WorkbenchJob[],
    look: LauncherLook,
    signal: AbortSignal,
  ): Promise<void> {
    for (const { id } of jobs) this.#busy.add(id)
    let waits = false
    for (const job of jobs) {
      let handed: WorkbenchJob | undefined
      await this.#take(job, signal, async () => {
        const step = this.#steps.next(job, look.answersFor(job) ? 'none' : 'unknown')
        if (step.do !== 'hand-over') return this.#steps.act(job, step)
        const turn = await this.#handOver(job, waits)
        if (turn === 'waits') waits = true
        else handed = turn
      })
      const submitted = handed
      // The next one need not wait until the Launcher has taken it.
      if (submitted !== undefined) {
        void this.#take(submitted, signal, () => this.#steps.act(submitted, { do: 'submit' }))
      }
    }
  }

  /** Nobody is asked for those after one that waits, nor if as many run as may, as far as this node knows. */
  async #handOver(job: WorkbenchJob, waits: boolean): Promise<WorkbenchJob | 'waits' | undefined> {
    const { jobs: most } = await this.#limitsOf(job.user)
    const isFull = most !== null && this.#living.running(job.user) >= most
    const turn = waits || isFull ? 'waits' : await this.#store.handOver(job.id, job.version, most)
    if (turn === 'waits') await this.#steps.say(job, turnSentence(most ?? 0))
    else if (turn !== undefined) this.#living.apply([turn])
    return turn
  }
}
