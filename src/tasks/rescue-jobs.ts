import { asAtelierError } from '../errors.ts'
import type { JobStore } from '../jobs/job-store.ts'
import type { LivingJobs } from '../jobs/living-jobs.ts'
import type { WorkbenchJob } from '../jobs/workbench-job.ts'
import type { Log } from '../log.ts'
import type { KnownNodes } from '../nodes/known-nodes.ts'
import type { Placement } from '../sessions/placement.ts'
import type { Task } from './task.ts'

/**
 * Marks the jobs Lost that were handed over on nodes which were given up, and gives those that were not to other nodes. Any node
 * may do it; of several at once one does.
 */
export class RescueJobs implements Task {
  readonly name = 'rescue-jobs'
  readonly period = 2000
  readonly #store: Pick<JobStore, 'lose' | 'move'>
  readonly #living: LivingJobs
  readonly #nodes: Pick<KnownNodes, 'get' | 'readAll'>
  readonly #placement: Pick<Placement, 'place'>
  readonly #log: Log

  constructor(parts: {
    store: Pick<JobStore, 'lose' | 'move'>
    living: LivingJobs
    nodes: Pick<KnownNodes, 'get' | 'readAll'>
    placement: Pick<Placement, 'place'>
    log: Log
  }) {
    this.#store = parts.store
    this.#living = parts.living
    this.#nodes = parts.nodes
    this.#placement = parts.placement
    this.#log = parts.log
  }

  /** Looks once. Throws DATABASE_UNAVAILABLE. */
  async activate(): Promise<void> {
    if (this.#orphans().length === 0) return
    // A node that has just come back is lost no longer.
    await this.#nodes.readAll()
    const orphans = this.#orphans()
    for (const node of new Set(orphans.map((job) => job.node))) {
      const lost = await this.#store.lose(node)
      this.#living.apply(lost)
      if (lost.length > 0) this.#log.warn({ node, jobs: lost.length }, 'jobs are lost')
    }
    for (const job of orphans) if (job.submittedAt === null) await this.#move(job)
  }

  /** Jobs of lost nodes, and of nodes that are no more, that are not known to be lost. */
  #orphans(): readonly WorkbenchJob[] {
    return this.#living.all().filter(({ node, state }) => {
      const row = this.#nodes.get(node)
      return state !== 'Lost' && (row === undefined || row.lostAt !== null)
    })
  }

  async #move({ id, user, version, node }: WorkbenchJob): Promise<void> {
    try {
      const moved = await this.#placement.place({ user, seed: id, last: node }, (to) =>
        this.#store.move(id, version, to),
      )
      if (moved === undefined) return
      this.#living.apply([moved])
      this.#log.info({ job: id, from: node, to: moved.node }, 'a job goes to another node')
    } catch (error) {
      if (asAtelierError(error).code !== 'NO_NODE') throw error
    }
  }
}
