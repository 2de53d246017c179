import { memoryUsage } from 'node:process'
import type { Log } from '../../log.ts'
import { RESPONSE } from '../../launcher/protocol.ts'
import type { Answers } from './answers.ts'
import { Latencies } from './latencies.ts'

/** Reports every now and then how the plugin is: for how long it runs, its memory, and how long jobs take to start. */
export class Metrics {
  readonly #answers: Answers
  readonly #interval: number
  readonly #log: Log
  readonly #latencies = new Latencies()
  readonly #begin = performance.now()
  #timer: NodeJS.Timeout | undefined

  /** `interval` is the time between two reports in ms; 0 is never. */
  constructor({ answers, interval, log }: { answers: Answers; interval: number; log: Log }) {
    this.#answers = answers
    this.#interval = interval
    this.#log = log
  }

  /** Begins to report. */
  start(): void {
    if (this.#interval === 0 || this.#timer !== undefined) return
    this.#timer = setInterval(() => void this.#report(), this.#interval).unref()
  }

  /** Reports no more. */
  stop(): void {
    clearInterval(this.#timer)
  }

  /** Counts how long `work` takes, and answers what it does. */
  async measure<T>(work: () => Promise<T>): Promise<T> {
    const begin = performance.now()
    try {
      return await work()
    } finally {
      this.#latencies.observe((performance.now() - begin) / 1000)
    }
  }

  async #report(): Promise<void> {
    try {
      await this.#answers.tell({
        messageType: RESPONSE.metrics,
        uptimeSeconds: Math.floor((performance.now() - this.#begin) / 1000),
        memoryUsageBytes: memoryUsage.rss(),
        clusterInteractionLatencySample: this.#latencies.drain(),
      })
    } catch (error) {
      this.#log.warn({ err: error }, 'Metrics cannot be reported')
    }
  }
}
