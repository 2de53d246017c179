import { setTimeout as delay } from 'node:timers/promises'
import { systemCode } from '../../errors.ts'
import { PLUGIN_ERROR, PluginError } from '../../launcher/plugin-error.ts'
import { RESPONSE } from '../../launcher/protocol.ts'
import type { RequestOf } from '../../launcher/protocol-schemas.ts'
import type { Answers } from './answers.ts'
import type { LocalJob } from './job.ts'
import type { LocalJobs } from './jobs.ts'
import { OutputFollower, readTail, shareTail } from './output-follower.ts'

type OutputRequest = RequestOf<6>
type OutputType = 'stdout' | 'stderr'

/** Milliseconds between two looks for new output. */
const LOOK_EVERY = 250
/** Characters in one answer. */
const PIECE = 65_536

/** Tells what a job writes: from its beginning to its end, or only the last bytes. */
export class OutputStream {
  readonly #jobs: LocalJobs
  readonly #answers: Answers
  readonly #open = new Map<number, AbortController>()

  constructor({ jobs, answers }: { jobs: LocalJobs; answers: Answers }) {
    this.#jobs = jobs
    this.#answers = answers
  }

  /** Tells it all, which may take as long as the job runs; or closes the stream. Throws PluginError. */
  async handle(request: OutputRequest): Promise<void> {
    const { requestId } = request
    if (request.cancel) return this.#open.get(requestId)?.abort()
    const job = this.#jobs.find(request)
    const closing = new AbortController()
    this.#open.set(requestId, closing)
    const answer = new OutputAnswer({ answers: this.#answers, requestId })
    try {
      if (request.tailBytes === undefined) {
        await follow(job, outputTypes(request), answer, closing.signal)
      } else {
        await tellTail(job, request.tailBytes, answer)
      }
      if (!closing.signal.aborted) await answer.complete()
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error
      throw new PluginError(PLUGIN_ERROR.outputNotFound, 'The output is not kept.')
    } finally {
      this.#open.delete(requestId)
    }
  }

  /** Closes all streams. */
  stop(): void {
    for (const closing of this.#open.values()) closing.abort()
  }
}

/** The answers to one request for output. */
class OutputAnswer {
  readonly #answers: Answers
  readonly #requestId: number
  #seqId = 0

  constructor({ answers, requestId }: { answers: Answers; requestId: number }) {
    this.#answers = answers
    this.#requestId = requestId
  }

  async tell(outputType: OutputType, output: string): Promise<void> {
    for (let begin = 0; begin < output.length; begin += PIECE) {
      await this.#send(outputType, output.slice(begin, begin + PIECE), false)
    }
  }

  async complete(): Promise<void> {
    await this.#send('mixed', '', true)
  }

  async #send(outputType: string, output: string, complete: boolean): Promise<void> {
    const fields = { messageType: RESPONSE.output, seqId: this.#seqId++ }
    await this.#answers.send(this.#requestId, { ...fields, output, outputType, complete })
  }
}

async function follow(
  job: LocalJob,
  types: readonly OutputType[],
  answer: OutputAnswer,
  signal: AbortSignal,
): Promise<void> {
  const followers = new Map<OutputType, OutputFollower>()
  try {
    for (const type of types) followers.set(type, await OutputFollower.open(job[type]))
    for (let ended = false; !ended && !signal.aborted;) {
      // Asked first: what the job wrote before its end is there by now.
      ended = job.hasEnded
      for (const [type, follower] of followers) {
        for await (const text of follower.read()) {
          if (signal.aborted) return
          await answer.tell(type, text)
        }
      }
      if (!ended) await delay(LOOK_EVERY, undefined, { signal }).catch(() => {})
    }
  } finally {
    for (const follower of followers.values()) await follower.close()
  }
}

async function tellTail(job: LocalJob, bytes: number, answer: OutputAnswer): Promise<void> {
  const sizes = { stdout: await job.stdout.keptBytes(), stderr: await job.stderr.keptBytes() }
  const share = shareTail(sizes, bytes)
  await answer.tell('stdout', await readTail(job.stdout, share.stdout))
  await answer.tell('stderr', await readTail(job.stderr, share.stderr))
}

function outputTypes({ outputType }: OutputRequest): OutputType[] {
  return outputType === 0 ? ['stdout'] : outputType === 1 ? ['stderr'] : ['stdout', 'stderr']
}
