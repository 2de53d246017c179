import { THINNINGS, type SampleStore } from '../history/cluster-sample.ts'
import type { HistoryStore } from '../history/history-store.ts'
import type { Task } from './task.ts'

/** Gathers old samples to longer spans and forgets what is too old. Any node may do it. */
export class KeepHistory implements Task {
  readonly name = 'keep-history'
  readonly period = 15 * 60_000
  readonly #samples: Pick<SampleStore, 'thin' | 'prune'>
  readonly #history: Pick<HistoryStore, 'prune'>
  readonly #days: () => number

  constructor(parts: {
    samples: Pick<SampleStore, 'thin' | 'prune'>
    history: Pick<HistoryStore, 'prune'>
    /** For how many days the history is kept. */
    days: () => number
  }) {
    this.#samples = parts.samples
    this.#history = parts.history
    this.#days = parts.days
  }

  /** Does it once; what is repeated finds nothing left. */
  async activate(): Promise<void> {
    for (const thinning of THINNINGS) await this.#samples.thin(thinning)
    await this.#samples.prune(this.#days())
    await this.#history.prune(this.#days())
  }
}
