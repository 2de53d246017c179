import { LATENCY_BUCKETS } from '../../launcher/protocol.ts'

/** How long something took, counted in the buckets of the protocol. */
export interface LatencySample {
  /** How many took up to each of LATENCY_BUCKETS, and longer than the one before. */
  readonly buckets: readonly number[]
  /** All times together, in seconds. */
  readonly sum: number
}

/** Counts how long things take, until that is reported. */
export class Latencies {
  #buckets = LATENCY_BUCKETS.map(() => 0)
  #sum = 0

  /** Counts something that took this long, in seconds. */
  observe(seconds: number): void {
    const place = LATENCY_BUCKETS.findIndex((bound) => seconds <= bound)
    // What takes longer than the last bound is in the sum alone.
    this.#buckets = this.#buckets.map((count, index) => (index === place ? count + 1 : count))
    this.#sum += seconds
  }

  /** What was counted since the last time this was called. */
  drain(): LatencySample {
    const sample = { buckets: this.#buckets, sum: this.#sum }
    this.#buckets = LATENCY_BUCKETS.map(() => 0)
    this.#sum = 0
    return sample
  }
}
