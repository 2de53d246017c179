import { SAMPLE_SECONDS, type SampleStore } from '../history/cluster-sample.ts'
import type { Task } from './task.ts'

/** Writes down what goes on in the cluster, once a minute: every node tries, and one does. */
export class TakeSample implements Task {
  readonly name = 'take-sample'
  readonly #samples: Pick<SampleStore, 'take'>
  readonly #seconds: number

  constructor({
    samples,
    seconds = SAMPLE_SECONDS,
  }: {
    samples: Pick<SampleStore, 'take'>
    /** The span of a sample, in seconds. */
    seconds?: number
  }) {
    this.#samples = samples
    this.#seconds = seconds
  }

  /** Several times in each span, so that none is left out by a clock that is a little late. */
  get period(): number {
    return (this.#seconds * 1000) / 4
  }

  /** Tries once. */
  async activate(): Promise<void> {
    await this.#samples.take(this.#seconds)
  }
}
