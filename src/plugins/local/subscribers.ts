import type { Sequence } from './answers.ts'

/** The open streams that are told of jobs: each of one job, or of all (`*`). */
export class Subscribers {
  readonly #byRequest = new Map<number, { readonly jobId: string; told: number }>()

  get isEmpty(): boolean {
    return this.#byRequest.size === 0
  }

  /** Opens the stream of this request. */
  add(requestId: number, jobId: string): void {
    this.#byRequest.set(requestId, { jobId, told: 0 })
  }

  /** Closes the stream of this request. */
  delete(requestId: number): void {
    this.#byRequest.delete(requestId)
  }

  /** Closes the streams of one job. */
  deleteJob(jobId: string): void {
    for (const [requestId, each] of this.#byRequest) {
      if (each.jobId === jobId) this.#byRequest.delete(requestId)
    }
  }

  /** The next place in each stream that is told of this job. */
  sequences(jobId: string): Sequence[] {
    return [...this.#byRequest]
      .filter(([, each]) => each.jobId === jobId || each.jobId === '*')
      .map(([requestId, each]) => ({ requestId, seqId: each.told++ }))
  }

  /** The next place in the stream of this request. */
  sequence(requestId: number): Sequence[] {
    const each = this.#byRequest.get(requestId)
    return each === undefined ? [] : [{ requestId, seqId: each.told++ }]
  }
}
