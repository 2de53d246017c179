import { RETENTION_BATCH, type JobRetention, type KeptDays } from '../jobs/job-retention.ts'
import type { JobStore } from '../jobs/job-store.ts'
import type { OutputDirectories } from '../jobs/output/output-directories.ts'
import type { Log } from '../log.ts'
import type { Task } from './task.ts'

/** Of which nobody knows a job: it may just be made, or be of a job that is no more. */
const UNKNOWN_AFTER_MS = 24 * 60 * 60_000

/** Removes what jobs have printed, and their rows, when their time is over. Several nodes may do it at once. */
export class RemoveOutputs implements Task {
  readonly name = 'remove-outputs'
  readonly period = 60 * 60_000
  readonly #node: string | null
  readonly #retention: JobRetention
  readonly #store: Pick<JobStore, 'update'>
  readonly #directories: Pick<OutputDirectories, 'ids' | 'isOlder' | 'remove'>
  readonly #days: () => KeptDays
  readonly #log: Log

  constructor(parts: {
    /** Whose output is on this node's disk; null for that of all. */
    node: string | null
    retention: JobRetention
    store: Pick<JobStore, 'update'>
    directories: Pick<OutputDirectories, 'ids' | 'isOlder' | 'remove'>
    days: () => KeptDays
    log: Log
  }) {
    this.#node = parts.node
    this.#retention = parts.retention
    this.#store = parts.store
    this.#directories = parts.directories
    this.#days = parts.days
    this.#log = parts.log
  }

  /** Does it once; what is repeated finds nothing left. */
  async activate(signal: AbortSignal): Promise<void> {
    const outputs = await this.#removeOutputs(signal)
    const rows = await this.#removeRows(signal)
    const unknown = await this.#removeUnknown(signal)
    if (outputs + rows + unknown === 0) return
    this.#log.info({ outputs, rows, unknown }, 'what is kept of jobs no longer is removed')
  }

  async #removeOutputs(signal: AbortSignal): Promise<number> {
    let removed = 0
    while (!signal.aborted) {
      const overdue = await this.#retention.overdueOutputs(this.#days().output, this.#node)
      const before = removed
      for (const { id, version } of overdue) {
        if (!(await this.#removeDirectory(id))) continue
        const row = await this.#store.update(id, version, { outputRemovedAt: new Date() })
        if (row !== undefined) removed++
      }
      if (overdue.length < RETENTION_BATCH || removed === before) break
    }
    return removed
  }

  async #removeRows(signal: AbortSignal): Promise<number> {
    let removed = 0
    while (!signal.aborted) {
      const batch = await this.#retention.removeRows(this.#days().history)
      removed += batch
      if (batch < RETENTION_BATCH) break
    }
    return removed
  }

  async #removeUnknown(signal: AbortSignal): Promise<number> {
    let removed = 0
    for await (const ids of this.#directories.ids()) {
      if (signal.aborted) break
      const known = await this.#retention.known(ids)
      for (const id of ids) {
        if (known.has(id) || !(await this.#directories.isOlder(id, UNKNOWN_AFTER_MS))) continue
        if (await this.#removeDirectory(id)) removed++
      }
    }
    return removed
  }

  /** One that cannot be removed, such as on a file system that has gone, holds up no other. */
  async #removeDirectory(id: string): Promise<boolean> {
    try {
      await this.#directories.remove(id)
      return true
    } catch (error) {
      this.#log.warn({ err: error, job: id }, 'the output of a job cannot be removed')
      return false
    }
  }
}
