import type { Sequence } from './answers.ts'
import { mayKnow } from './wanted-jobs.ts'

/** Of which jobs a stream tells: of one, or of all (`*`), as far as its user may know of them. */
export interface Subscription {
  readonly requestId: number
  readonly jobId: string
  readonly username: string
}

/** The open streams that are told of jobs. */
export class Subscribers {
  readonly #byRequest = new Map<number, Subscription & { told: number }>()

  get isEmpty(): boolean {
    return this.#byRequest.size === 0
  }

  /** Opens the stream of this request. */
  add({ requestId, jobId, username }: Subscription): void {
    this.#byRequest.set(requestId, { requestId, jobId, username, told: 0 })
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
  sequences({ id, user }: { readonly id: string; readonly user: string }): Sequence[] {
    return [...this.#byRequest.values()]
      .filter((each) => (each.jobId === id || each.jobId === '*') && mayKnow(each, user))
      .map((each) => ({ requestId: each.requestId, seqId: each.told++ }))
  }

  /** The next place in the stream of this request. */
  sequence(requestId: number): Sequence[] {
    const each = this.#byRequest.get(requestId)
    return each === undefined ? [] : [{ requestId, seqId: each.told++ }]
  }
}
