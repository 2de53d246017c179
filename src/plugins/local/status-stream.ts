import { RESPONSE } from '../../launcher/protocol.ts'
import type { RequestOf } from '../../launcher/protocol-schemas.ts'
import type { Answer, Answers } from './answers.ts'
import type { LocalJob } from './job.ts'
import type { LocalJobs } from './jobs.ts'
import { Subscribers } from './subscribers.ts'

/** Tells the status of jobs: the present one first, then each change. */
export class StatusStream {
  readonly #jobs: LocalJobs
  readonly #answers: Answers
  readonly #subscribers = new Subscribers()

  constructor({ jobs, answers }: { jobs: LocalJobs; answers: Answers }) {
    this.#jobs = jobs
    this.#answers = answers
  }

  /** Opens or closes the stream of a request. Throws PluginError if there is no such job. */
  async handle(request: RequestOf<4>): Promise<void> {
    const { requestId } = request
    if (request.cancel) return this.#subscribers.delete(requestId)
    const jobs = this.#jobs.asked(request)
    this.#subscribers.add(request)
    for (const job of jobs) {
      await this.#answers.sendToAll(this.#subscribers.sequence(requestId), statusAnswer(job))
    }
  }

  /** Tells everybody who listens that a job has a new status. */
  async tell(job: LocalJob): Promise<void> {
    await this.#answers.sendToAll(this.#subscribers.sequences(job.record), statusAnswer(job))
  }
}

function statusAnswer({ record }: LocalJob): Answer {
  const { id, name, status, statusMessage } = record
  return { messageType: RESPONSE.status, id, name, status, statusMessage }
}
