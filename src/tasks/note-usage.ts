import type { LivingStore, MeasuredUse } from '../history/living-work.ts'
import type { Locations } from '../sessions/locations.ts'
import { isFinal, type Session } from '../sessions/session.ts'
import type { Usage } from '../sessions/usage.ts'
import type { Task } from './task.ts'

/** How long after its end a session's last measurement is still written, in ms. */
const AFTER_END_MS = 30_000

/** A Workbench job of this node, as far as it matters here. */
export interface MeasuredJob {
  readonly id: string
  readonly epoch: number
  readonly jobId: string | null
}

/** Writes what this node's sessions and jobs use to the database: for administrators, and for the history when they end. */
export class NoteUsage implements Task {
  readonly name = 'note-usage'
  readonly period = 15_000
  readonly #node: string
  readonly #locations: Pick<Locations, 'all'>
  readonly #usage: Pick<Usage, 'of'>
  readonly #living: Pick<LivingStore, 'note'>
  readonly #jobs: () => Promise<readonly MeasuredJob[]>
  readonly #now: () => number

  constructor(parts: {
    node: string
    locations: Pick<Locations, 'all'>
    usage: Pick<Usage, 'of'>
    living: Pick<LivingStore, 'note'>
    /** This node's jobs that have not ended. */
    jobs: () => Promise<readonly MeasuredJob[]>
    /** In ms since 1970. */
    now?: () => number
  }) {
    this.#node = parts.node
    this.#locations = parts.locations
    this.#usage = parts.usage
    this.#living = parts.living
    this.#jobs = parts.jobs
    this.#now = parts.now ?? (() => Date.now())
  }

  /** Writes once; what is not measured is left as it was. */
  async activate(): Promise<void> {
    const sessions = this.#locations
      .all()
      .filter((session) => session.node === this.#node && this.#isWanted(session))
    const jobs = await this.#jobs()
    await this.#living.note([
      ...sessions.flatMap((session) => this.#measured('session', session)),
      ...jobs.flatMap((job) => this.#measured('job', job)),
    ])
  }

  #isWanted({ state, stateAt }: Session): boolean {
    return !isFinal(state) || this.#now() - stateAt.getTime() < AFTER_END_MS
  }

  #measured(kind: MeasuredUse['kind'], work: MeasuredJob): readonly MeasuredUse[] {
    const use = this.#usage.of(work)
    if (use === undefined) return []
    const { cpuPercent, cpuSeconds, residentBytes: memoryBytes } = use
    return [{ kind, id: work.id, epoch: work.epoch, cpuPercent, cpuSeconds, memoryBytes }]
  }
}
